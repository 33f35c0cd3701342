/** Which model an item gets: by its score, by a cheap model's word, by a person's, and by what failed. */
import { expect, it } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import { say } from '../../../src/demo/model/reply.js';
import { guideConfig, guideFiles, paragraphText } from '../../support/guide.js';
import { makeWorld } from '../../support/world.js';

const once = ({ text }: { readonly text: string }): string => `${text} Once.`;

/** The classifier's answer: whatever holds the number 2 is hard, the rest is simple. */
function classify(message: string): string {
  const ids = Array.from(
    message.matchAll(/<item path="([^"]*)">\n([^]*?)\n<\/item>/g),
    ([, id = '', text = '']) => ({
      id: decodeURIComponent(id),
      class: text.startsWith('Paragraph 2') ? 'hard' : 'simple',
    }),
  );
  return JSON.stringify({ items: ids });
}

it('asks a cheap model about every item, writes the models into the plan, and packs by model', async () => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 2, paragraphs: 3 }),
    config: guideConfig({ more: 'routing: { models: [haiku, sonnet], classify: always }\n' }),
    script: packScript({ answer: once, other: (request) => say(classify(request.firstMessage)) }),
  });

  const planned = await world.regen(['plan', 'guide']);
  const plan = await world.read('.regen-plan.md');
  await world.write({
    '.regen-plan.md': plan?.replace('page-01#3 (model: haiku)', 'page-01#3 (model: opus)') ?? '',
  });
  const steps = [await world.regen(['--json']), await world.regen(['--json']), await world.regen(['--json'])];
  const cost = await world.regen(['cost', '--by', 'stage', '--json']);

  expect(planned.stderr).toContain('guide: routing: asks haiku about 6 items');
  expect(plan).toContain('- [ ] page-01#1 (model: haiku)\n- [ ] page-01#2 (model: sonnet)\n');
  expect(steps.map(({ document }) => (document as { outcome: string }).outcome)).toEqual([
    'shipped',
    'shipped',
    'shipped',
  ]);
  expect(world.model.bill.map(({ model }) => model)).toEqual([
    'claude-haiku-5-5',
    'claude-haiku-5-5',
    'claude-sonnet-5-5',
    'claude-opus-5-5',
  ]);
  expect(cost.document).toMatchObject({ groups: [{ key: 'classify' }, { key: 'worker' }] });
});

it('gives an item that failed alone to the next dearer model', async () => {
  const lost = paragraphText(1, 2);
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 3 }),
    config: guideConfig({ more: 'routing: { models: [haiku, sonnet], classify: never }\n' }),
    script: (request) =>
      packScript({
        answer: (block) => (block.text === lost && request.model.includes('haiku') ? '' : once(block)),
      })(request),
  });
  await world.regen(['plan', 'guide']);

  await world.regen(['--json']);
  const second = await world.regen(['--json']);

  expect(second.document).toMatchObject({ outcome: 'shipped', item: 'page-01#2', remaining: 0 });
  expect(world.model.bill.map(({ model }) => model.includes('sonnet'))).toEqual([false, false, true]);
});
