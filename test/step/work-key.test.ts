import { describe, expect, it } from 'vitest';
import type { BaseTree } from '../../src/model/base-tree.js';
import { configSchema } from '../../src/model/config-schema.js';
import { isSameOnBoth, workKey } from '../../src/step/work-key.js';

const literal = {
  version: 1,
  targets: { list: ['charts'] },
  items: { glob: 'charts/{target}/{item}.py' },
  record: { metadata: 'meta/{target}/{item}.yaml' },
  prompt: { static: ['prompts/rules.md'], item: ['prompts/{item}.md'], task: 'Redraw it.' },
};

function configOf(more: Readonly<Record<string, unknown>> = {}) {
  return configSchema.parse({ ...literal, ...more });
}

describe('what work is made from', () => {
  const key = workKey(configOf(), []);

  it.each([
    {
      name: 'the task',
      config: configOf({ prompt: { ...literal.prompt, task: 'Draw it anew.' } }),
      requests: [],
    },
    { name: 'the model', config: configOf({ agent: { model: 'opus' } }), requests: [] },
    { name: 'a check', config: configOf({ checks: { run: [{ name: 'x', run: 'x' }] } }), requests: [] },
    { name: 'a change request', config: configOf(), requests: ['no rhymes'] },
  ])('is $name', ({ config, requests }) => {
    expect(workKey(config, requests)).not.toBe(key);
  });

  it.each([
    { name: 'where it is published', more: { publish: { run: 'cp' } } },
    { name: 'where it is shipped to', more: { ship: { labels: ['one'] } } },
    { name: 'what may be spent', more: { budget: { itemUsd: 1 } } },
    { name: 'how long the agent may take', more: { agent: { timeout: '1h' } } },
  ])('isn’t $name', ({ more }) => {
    expect(workKey(configOf(more), [])).toBe(key);
  });
});

describe('two bases', () => {
  const files = {
    'charts/bars/a.py': '1',
    'charts/bars/b.py': '2',
    'prompts/rules.md': '3',
    'prompts/a.md': '4',
    'meta/bars/a.yaml': '5',
  };
  const ref = { target: 'bars', item: 'a' };
  const same = (changed: Readonly<Record<string, string>>) =>
    isSameOnBoth(
      configOf(),
      ref,
      { before: treeOf('one', files), now: treeOf('two', { ...files, ...changed }) },
      new AbortController().signal,
    );

  it.each([
    [{ 'charts/bars/a.py': 'x' }, false],
    [{ 'prompts/rules.md': 'x' }, false],
    [{ 'prompts/a.md': 'x' }, false],
    [{ 'meta/bars/a.yaml': 'x' }, false],
    [{ 'charts/bars/b.py': 'x', 'meta/bars/b.yaml': 'x', 'README.md': 'x' }, true],
  ])('that differ in %j are the same to the item: %s', async (changed, expected) => {
    expect(await same(changed)).toBe(expected);
  });
});

/** A tree whose blobs are named by their text. */
function treeOf(sha: string, files: Readonly<Record<string, string>>): BaseTree {
  const entries = Object.entries(files).map(([path, text]) => ({ path, mode: '100644', sha: text, size: 1 }));
  return {
    sha,
    isShallow: () => Promise.resolve(false),
    entries: () => Promise.resolve(entries),
    read: () => Promise.resolve(),
    history: () => Promise.resolve(),
  };
}
