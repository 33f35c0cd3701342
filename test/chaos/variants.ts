/** What a trial's line looks like: two poems to write anew, plainly, with a repair, judged and recorded, or one a copy. */
import type { BatchOptions } from '../../src/demo/model/batch-options.js';
import type { AskScript } from '../../src/demo/model/conversation.js';
import { structured } from '../../src/demo/model/reply.js';
import { replaceOnce } from '../support/example-files.js';
import { isJudge, judgedBy } from '../support/judge.js';
import { copiedPoems, poemConfig, poet } from '../support/poems.js';
import { answerWith, rubricText } from '../support/rubric.js';

export interface Variant {
  readonly name: string;
  readonly items: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly config: string;
  /** A fresh script: a judge counts. */
  script(): AskScript;
  /** The poem that ships. */
  text(item: string): string;
  /** On its pull request, in order. */
  labels(item: string): readonly string[];
  /** The change requests that the plan has to make, by item. */
  readonly requests?: Readonly<Record<string, string>>;
  /** Its items are blocks that are asked about together, see worker-variants.ts; left out: an agent works on each. */
  readonly worker?: WorkerFacts;
}

/** What comes of a worker's items without any disturbance. */
export interface WorkerFacts {
  /** Answers that are paid for. */
  readonly calls: number;
  /** Message batches that are submitted. */
  readonly batches: number;
  /** When they end, and what becomes of their submission. */
  readonly batchOptions?: BatchOptions;
  /** The commits of the target's one branch; null: each shipment goes to a branch of its own. */
  readonly commits: number | null;
  readonly fate: (item: string) => 'open' | 'failed' | 'unchanged';
  /** Why an item is `[!]`; null: none may be. */
  readonly failure: RegExp | null;
  /** The reasons for which an invocation may exit with 75; null: none may. */
  readonly waits: RegExp | null;
}

export const target = 'autumn';

function filesFor(items: readonly string[]): Record<string, string> {
  const voices = items.map((item) => [`poems/autumn/voices/${item}.txt`, `stale ${item} autumn\n`]);
  return {
    'poems/autumn/about.md': '# autumn: A Poem of Autumn\n\nLeaves, wind, early dark.\n',
    'prompts/rules.md': 'Write short lines.\n',
    'prompts/rubric.yaml': rubricText,
    ...(Object.fromEntries(voices) as Record<string, string>),
  };
}

/** Trials kill often: the cap on lost starts is tested elsewhere. */
const more = `budget: { itemAttempts: 60 }
`;

/** Fails if what steers the suite reaches a command of the repository. */
const clean = `    - { name: clean, run: 'test -z "\${NODE_OPTIONS:-}\${REGEN_CHAOS:-}\${GITHUB_TOKEN:-}"' }
  repairs: 1
`;

function plainConfig(): string {
  const ship = "  repository: o/r\n  labels: [chaos, 'voice:{item}']\n  labelDelay: 5ms";
  return replaceOnce(poemConfig({ ship, more }), '  repairs: 1\n', clean);
}

const plainLabels = (item: string) => ['chaos', `voice:${item}`];

export const plain: Variant = {
  name: 'plain',
  items: ['bold', 'calm'],
  files: filesFor(['bold', 'calm']),
  config: plainConfig(),
  script: () => poet(),
  text: (item) => `new ${item} autumn\n`,
  labels: plainLabels,
};

export const single: Variant = { ...plain, name: 'single', items: ['bold'], files: filesFor(['bold']) };

const repaired: Variant = {
  ...plain,
  name: 'repaired',
  script: () => poet({ calm: ['a stale draft\n', 'new calm autumn\n'] }),
};

function judgedConfig(): string {
  const ship = `  repository: o/r
  body: 'Quality: {score}/100 ({breakdown})'
  labels: ['quality:{score}', { atLeast: 50, then: ai-approved, else: quality-poor }]
  labelDelay: 5ms`;
  const sections = `${more}evaluate:
  rubric: prompts/rubric.yaml
  accept: [90, 70]
  improve: 1
record:
  metadata: poems/{target}/meta/{item}.yaml
  fields: { said: '{score} ({breakdown})' }
`;
  return replaceOnce(
    replaceOnce(poemConfig({ ship, more: sections }), '  repairs: 1\n', clean),
    '  isolate: true\n',
    "  isolate: true\n  writes: ['poems/{target}/voices/{item}.txt', 'poems/{target}/meta/{item}.yaml']\n",
  );
}

const good = answerWith({ vq1: 20, vq2: 10, de1: 16 }); // 92
const fair = answerWith({ vq1: 15, vq2: 10, de1: 10 }); // 70: improved once, then accepted

const judged: Variant = {
  ...plain,
  name: 'judged',
  config: judgedConfig(),
  script: () =>
    judgedBy({ bold: [good], calm: [fair] }, poet({ calm: ['a calm draft\n', 'new calm autumn\n'] })),
  labels: (item) => [item === 'bold' ? 'quality:92' : 'quality:70', 'ai-approved'],
};

export const judgedSingle: Variant = {
  ...judged,
  name: 'judged single',
  items: ['calm'],
  files: filesFor(['calm']),
};

const request = "the bakery and its numbers equal bold's; choose another scene.";

/** Plan mode finds that calm copies bold, and asks a model. */
export const audited: Variant = {
  ...plain,
  name: 'audited',
  files: {
    ...filesFor(['bold', 'calm']),
    'poems/autumn/voices/bold.txt': copiedPoems['poems/autumn/voices/bold.txt'],
    'poems/autumn/voices/calm.txt': copiedPoems['poems/autumn/voices/calm.txt'],
  },
  config: `${plainConfig()}audit: { model: haiku }\n`,
  script: () => {
    const author = poet();
    const answer = { clusters: [{ id: 'C1', isCopy: true, items: ['bold', 'calm'], request }] };
    return (one) => (isJudge(one) ? structured(answer) : author(one));
  },
  requests: { calm: request },
};

export const variants: readonly Variant[] = [plain, repaired, judged, audited];
