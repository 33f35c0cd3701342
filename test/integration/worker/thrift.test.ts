/** What packing is for: 400 blocks, 30 % of them filtered, against one call for each of the others. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import { parseConfig } from '../../../src/config/parse.js';
import type { Ttl } from '../../../src/model/cache-mode.js';
import { costOf } from '../../../src/usage/prices.js';
import type { BillEntry } from '../../../src/demo/model/bill.js';
import { createWorker } from '../../../src/worker/worker.js';
import { startModel } from '../../support/claude.js';
import { guideConfig } from '../../support/guide.js';
import { makeWorld } from '../../support/world.js';

const pages = 40;
const shorter = ({ text }: { readonly text: string }): string => text.replace(/ says .*$/, ' is shorter.');

function page(number: number): string {
  const paragraphs = Array.from(
    { length: 7 },
    (_, index) =>
      `Paragraph ${index + 1} of page ${number} says what it says, in more words than it would really need to have.`,
  );
  return `# Page ${number}\n\n${paragraphs.join('\n\n')}\n\n\`\`\`sh\nrun ${number}\n\`\`\`\n\n| a | b |\n| - | - |\n| 1 | 2 |\n`;
}

/** About 12,000 tokens: a style guide as projects have them. */
const style = `# Style\n\n${Array.from({ length: 420 }, (_, index) => `- Rule ${index + 1}: write short sentences, in the active voice, and leave out what the reader knows by now.`).join('\n')}\n`;

it('takes 1/15 of the calls and 1/4 of the money of one call per block, cached or not', async () => {
  const names = Array.from(
    { length: pages },
    (_, index) => `docs/guide/page-${String(index + 1).padStart(2, '0')}.md`,
  );
  const files = Object.fromEntries(names.map((name, index) => [name, page(index + 1)]));
  const config = guideConfig({ worker: 'count: 40' }).replace(
    'kind: [heading, code]',
    'kind: [heading, code, table]',
  );
  await using world = await makeWorld({
    files: { ...files, 'docs/style.md': style },
    config,
    script: packScript({ answer: shorter }),
  });

  const planned = await world.regen(['plan', 'guide', '--json']);
  const run = await world.regen(['run', '--json']);
  const { system } = world.model.requests.find(({ scripted }) => scripted !== null)?.scripted?.request ?? {
    system: '',
  };
  const packed = world.model.bill;
  const items = Array.from(
    { length: 280 },
    (_, index) =>
      `Paragraph ${(index % 7) + 1} of page ${Math.floor(index / 7) + 1} says what it says, in more words than it would really need to have.`,
  );
  const cached = await oneByOne(items, { prefix: system, ttl: '5m' });
  const plain = await oneByOne(items, { prefix: system, ttl: 'off' });

  expect(planned.document).toMatchObject({ items: { length: 400 } });
  expect(run).toMatchObject({ exitCode: 0, document: { counts: { shipped: 280 } } });
  expect(packed.length).toBe(7);
  expect(cached.length / packed.length).toBeGreaterThanOrEqual(15);
  expect(usd(plain) / usd(packed)).toBeGreaterThanOrEqual(4);
  expect(usd(cached) / usd(packed)).toBeGreaterThanOrEqual(4);
}, 120_000);

function usd(bill: readonly BillEntry[]): number {
  return bill.reduce((sum, entry) => sum + (costOf(entry, {}) ?? Number.NaN), 0);
}

/** The same prefix and the same client, a call for each block; returns what was billed. */
async function oneByOne(
  texts: readonly string[],
  { prefix, ttl }: { readonly prefix: string; readonly ttl: Ttl },
): Promise<readonly BillEntry[]> {
  const model = await startModel(packScript({ answer: shorter }));
  const root = await mkdtemp(path.join(tmpdir(), 'one-by-one-'));
  try {
    const surroundings = {
      root,
      env: { ANTHROPIC_API_KEY: 'test', ANTHROPIC_BASE_URL: model.url },
      now: () => new Date(),
      newId: () => crypto.randomUUID(),
      progress: () => undefined,
    };
    const worker = createWorker({ surroundings, config: parseConfig(guideConfig()) });
    for (const [index, text] of texts.entries()) {
      const directory = path.join(root, String(index));
      const attempt = {
        target: '',
        item: null,
        uuid: '',
        number: 1,
        plan: '',
        base: '',
        sessionId: '',
        directory,
      };
      const message = `<block id="1">\n${text}\n</block>`;
      const place = { attempt, directory, cwd: root, resume: false, maxUsd: null };
      await worker.model.run(
        { ...place, prefix, message, model: 'haiku', ttl, schema: worker.schema },
        () => undefined,
        new AbortController().signal,
      );
    }
    return model.bill;
  } finally {
    await model.close();
    await rm(root, { recursive: true, force: true });
  }
}
