/** Paragraphs of a guide as items of a worker: each gets a word at its end, so that a second application shows. */
import { packScript } from '../../src/demo/model/packs.js';
import { guideConfig, guideFiles, paragraphText } from '../support/guide.js';
import type { GuideConfig } from '../support/guide.js';
import type { Variant, WorkerFacts } from './variants.js';

const paragraphs = 5;

const itemsOf = (pages: number): readonly string[] =>
  Array.from({ length: pages }, (_, index) => {
    const page = `page-0${index + 1}`;
    const numbers = Array.from({ length: paragraphs }, (_one, at) => `${page}#${at + 1}`);
    return [`${page}#page-${index + 1}`, ...numbers, `${page}#code-1`];
  }).flat();

/** A paragraph's result; what isn't one is left out by the pre-filter and stays. */
function textOf(item: string): string {
  const [, page, number] = /^page-(\d+)#(\d+)$/.exec(item) ?? [];
  return `${paragraphText(Number(page), Number(number))} Once.`;
}

const fate = (item: string) => (/#\d+$/.test(item) ? 'open' : 'unchanged');

const files = guideFiles({ pages: 2, paragraphs }) as Record<string, string>; // a literal without removals

interface Manner {
  readonly name: string;
  readonly config: GuideConfig;
  readonly facts: Partial<WorkerFacts>;
}

function worker({ name, config, facts }: Manner): Variant & { readonly worker: WorkerFacts } {
  return {
    name,
    items: itemsOf(2),
    files,
    config: guideConfig({ worker: 'count: 5', ...config }),
    script: () => packScript({ answer: ({ text }) => `${text} Once.` }),
    text: textOf,
    labels: () => [],
    worker: {
      ...{ calls: 2, batches: 0, commits: 2, fate, failure: null, waits: null },
      ...facts,
    },
  };
}

/** One commit after the other on the target's branch. */
export const perTarget = worker({
  name: 'worker',
  config: { ship: '{ to: branch, per: target }' },
  facts: {},
});

/** A branch for each pack. */
export const perPack = worker({ name: 'worker-pack', config: {}, facts: { commits: null } });

const batched = 'mode: batch, count: 5, poll: 1ms';

/** Sent off, waited for, collected and shipped. */
export const batch = worker({
  name: 'worker-batch',
  config: { worker: batched, ship: '{ to: branch, per: target }' },
  facts: { batches: 1, batchOptions: { polls: 2, order: 'shuffled' }, waits: /^batch msgbatch_\w+/ },
});

/** The batch is made, and the answer that says so gets lost. */
export const lostAnswer = worker({
  name: 'worker-batch-lost',
  config: { worker: batched },
  facts: {
    ...{ batches: 1, commits: null, waits: /^batch msgbatch_\w+|^the API doesn’t answer/ },
    batchOptions: { polls: 2, create: (number) => (number === 1 ? 'drop' : 'answer') },
  },
});

const onePage = {
  items: itemsOf(1),
  files: guideFiles({ pages: 1, paragraphs }) as Record<string, string>, // as above
};

const failing = 'page-01#3';
const kept = 'page-01#4';

/** One result doesn't pass the check: the others of its pack are shipped in parts, and it is asked for once more. */
export const bisected: Variant = {
  ...worker({
    name: 'worker-bisect',
    config: {
      checks: `  run:
    - { name: clean, run: 'test -z "\${NODE_OPTIONS:-}\${REGEN_CHAOS:-}\${GITHUB_TOKEN:-}"' }
    - { name: style, run: '! grep -rq Never docs/guide' }`,
    },
    facts: {
      commits: null,
      fate: (item) => (item === failing ? 'failed' : fate(item)),
      failure: /^(?:page-01#3: )?check "style" failed/,
    },
  }),
  ...onePage,
  script: () =>
    packScript({
      answer: ({ text }) => (text === paragraphText(1, 3) ? `${text} Never.` : `${text} Once.`),
    }),
};

/** One item never gets a result and is given up, another one is left as it is. */
export const givenUp: Variant = {
  ...worker({
    name: 'worker-given-up',
    config: {},
    facts: {
      ...{ calls: 3, commits: null, failure: /^page-01#3: the answer has no result for it/ },
      fate: (item) => (item === failing ? 'failed' : item === kept ? 'unchanged' : fate(item)),
    },
  }),
  ...onePage,
  script: () =>
    packScript({
      answer: ({ text }) =>
        text === paragraphText(1, 3) ? null : text === paragraphText(1, 4) ? text : `${text} Once.`,
    }),
};

export const workerVariants: readonly Variant[] = [perTarget, perPack, batch, bisected, givenUp];
