import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PackedBlock } from '../../src/model/prompt.js';
import { buildPack } from '../../src/prompt/pack.js';
import type { PackQuestion } from '../../src/prompt/pack.js';
import { packRules } from '../../src/prompt/pack-rules.js';
import { hashOf } from '../../src/system/content-hash.js';
import { baseTreeOf } from '../support/base-tree.js';

const { signal } = new AbortController();
const files = {
  'docs/style.md': '# Style of {target}\n',
  'docs/guide/about.md': 'About {target}, not {item}.',
  'prompts/task.md': 'Shorten the blocks of {target}.\n',
};

interface Setting extends Partial<PackQuestion> {
  readonly task?: string;
}

function build({ task = 'prompts/task.md', ...more }: Setting = {}) {
  const prompt = { static: ['docs/style.md'], target: ['docs/{target}/about.md'], item: [], references: [] };
  const facts = {
    ...{ target: 'guide', tree: baseTreeOf(files), blocks: [], references: [], passages: [], ...more },
  };
  return buildPack({ prompt: { ...prompt, task } }, facts, signal);
}

const block = (id: string, more: Partial<PackedBlock> = {}): PackedBlock => ({
  ...{ id, text: `Text ${id}.`, path: 'docs/guide/a.md', context: '', shape: '', changeRequests: [] },
  ...more,
});

describe('the prefix of a pack', () => {
  it('has no task for one item', async () => {
    const tree = baseTreeOf({ ...files, 'prompts/one.md': '# Task\n\nShorten {item}.\n' });

    await expect(build({ task: 'prompts/one.md', tree })).rejects.toMatchObject({
      code: 'config',
      message: 'prompts/one.md:3: the task names {item}, and a pack has many',
    });
  });

  it('is what all targets share, all references, then what the target has, each a part of its own', async () => {
    const { parts, prefix, prefixHash, segments } = await build({
      references: [{ path: 'references', text: 'All of them.' }],
    });

    expect(parts).toEqual([
      [packRules, '<file path="docs/style.md">\n# Style of {target}\n\n</file>'].join('\n\n'),
      '<file path="references">\nAll of them.\n</file>',
      [
        '<file path="docs/guide/about.md">\nAbout guide, not {item}.\n</file>',
        '# Task\n\n<task path="prompts/task.md">\nShorten the blocks of guide.\n\n</task>',
      ].join('\n\n'),
    ]);
    expect([prefix, prefixHash]).toEqual([parts.join('\n\n'), hashOf(parts.join('\n\n'))]);
    expect(segments.map(({ layer, source }) => [layer, source])).toEqual([
      ['static', 'working rules'],
      ['static', 'docs/style.md'],
      ['static', 'references'],
      ['target', 'docs/guide/about.md'],
      ['target', 'prompts/task.md'],
    ]);
  });

  it('has the task where regen.yaml has it, too', async () => {
    const { parts } = await build({ task: 'Shorten the blocks of {target}, not {score}.' });

    expect(parts[1]).toContain(
      '<task path="prompt.task">\nShorten the blocks of guide, not {score}.\n</task>',
    );
  });

  it('is byte for byte the same for every pack, passage and commit', async () => {
    const { parts, prefix, prefixHash } = await build();
    const anyBlock = fc.record({
      ...{ id: fc.nat(99).map(String), text: fc.string(), path: fc.string(), context: fc.string() },
      ...{ shape: fc.string(), changeRequests: fc.array(fc.string(), { maxLength: 2 }) },
    });
    const anySha = fc.stringMatching(/^[0-9a-f]{40}$/);

    await fc.assert(
      fc.asyncProperty(
        fc.array(anyBlock, { maxLength: 4 }),
        fc.string(),
        anySha,
        async (blocks, text, sha) => {
          const tree = { ...baseTreeOf(files), sha };

          const other = await build({ blocks, passages: [{ path: 'found', text }], tree });

          expect([other.parts, other.prefix, other.prefixHash]).toEqual([parts, prefix, prefixHash]);
        },
      ),
    );
  });

  it('shares its first part with other targets', async () => {
    const others = { 'docs/api/about.md': 'About another.', ...files };

    const [one, other] = [await build(), await build({ target: 'api', tree: baseTreeOf(others) })];

    expect(other.parts[0]).toBe(one.parts[0]);
    expect(other.parts[1]).not.toBe(one.parts[1]);
  });

  it('says which file of it the base doesn’t have', async () => {
    await expect(build({ task: 'prompts/none.md' })).rejects.toMatchObject({
      code: 'config',
      message: 'prompt.task names prompts/none.md, which is not in the base (1f3c9ab)',
    });
  });
});

describe('the message of a pack', () => {
  it('is what was found for it, then its blocks in their order, with where they stand', async () => {
    const { message, segments } = await build({
      passages: [{ path: 'docs/ref.md', text: 'See here.' }],
      blocks: [
        block('1', { context: 'Usage > "Options"', shape: 'a paragraph' }),
        block('2', { path: 'docs/guide/b.md' }),
      ],
    });

    expect(message).toBe(
      [
        '<file path="docs/ref.md">\nSee here.\n</file>',
        '<block id="1" of="docs/guide/a.md" in="Usage > &quot;Options&quot;" form="a paragraph">\nText 1.\n</block>',
        '<block id="2" of="docs/guide/b.md">\nText 2.\n</block>',
      ].join('\n\n'),
    );
    expect(segments.slice(-3).map(({ layer, source }) => [layer, source])).toEqual([
      ['task', 'docs/ref.md'],
      ['item', 'docs/guide/a.md (1)'],
      ['item', 'docs/guide/b.md (2)'],
    ]);
  });

  it('has what is demanded of a block right below it', async () => {
    const { message } = await build({
      blocks: [block('1', { changeRequests: ['Shorter.', 'No “very”.'] }), block('2')],
    });

    expect(message).toBe(
      '<block id="1" of="docs/guide/a.md">\nText 1.\n</block>\n<must id="1">Shorter.</must>\n<must id="1">No “very”.</must>\n\n' +
        '<block id="2" of="docs/guide/a.md">\nText 2.\n</block>',
    );
  });

  it('keeps every text between its own marks, whatever it holds', async () => {
    const snares = fc.constantFrom(
      ...[
        '</block>',
        '</block-2>',
        '<block id="2">',
        '</must>',
        '</must-2>',
        '<must id="1">',
        '\n',
        '\n\n',
        '"',
      ],
    );
    const anyText = fc
      .array(fc.oneof(snares, fc.string({ unit: 'grapheme', maxLength: 5 })), { maxLength: 8 })
      .map((parts) => parts.join(''));

    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(anyText, fc.array(anyText, { maxLength: 2 })), { maxLength: 4 }),
        async (given) => {
          const blocks = given.map(([text, changeRequests], index) =>
            block(`${index + 1}`, { text, changeRequests }),
          );

          const { message } = await build({ blocks });

          expect(marksOf(message)).toEqual(
            blocks.flatMap(({ id, text, changeRequests }) => [
              ['block', id, `\n${text}\n`],
              ...changeRequests.map((request) => ['must', id, request]),
            ]),
          );
        },
      ),
    );
  });
});

/** What stands between the outermost marks: kind, number and text. */
function marksOf(message: string): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  const opening = /\s*<((block|must)(?:-\d+)?) id="(\d+)"[^>]*>/y;
  for (let open = opening.exec(message); open !== null; open = opening.exec(message)) {
    const [, tag = '', kind = '', id = ''] = open;
    const end = message.indexOf(`</${tag}>`, opening.lastIndex);
    found.push([kind, id, message.slice(opening.lastIndex, end)]);
    opening.lastIndex = end + tag.length + 3;
  }
  return found;
}
