import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse.js';
import { askedDigest } from '../../src/system/work-digests.js';

const files = {
  'docs/guide/page.md': 'page',
  'docs/style.md': 'style',
  'reference/guide/a.md': 'first',
  'reference/other/b.md': 'second',
};

function asked(
  more = '',
  changed: Readonly<Record<string, string>> = {},
  item = 'page#1',
  prompt = '',
): string {
  const config = parseConfig(`version: 1
engine: worker
targets: { list: [guide] }
items: { glob: 'docs/{target}/{item}.md', blocks: { markdown: blocks } }
prompt: { static: [docs/style.md], task: Shorten it.${prompt} }
${more}`);
  const entries = Object.entries({ ...files, ...changed }).map(([path, sha]) => {
    return { path, sha, mode: '100644', size: 1 };
  });
  return askedDigest(config, { target: 'guide', item }, entries);
}

const haiku = 'worker: { model: haiku }\n';

describe('what a worker is asked', () => {
  it('is the same for all blocks of a target, and goes by model and prompt files', () => {
    expect(asked('', {}, 'page#2')).toBe(asked());
    expect(asked('', { 'docs/guide/page.md': 'edited' })).toBe(asked());
    expect(asked('', { 'docs/style.md': 'edited' })).not.toBe(asked());
    expect(asked('worker: { model: opus }\n')).not.toBe(asked(haiku));
  });

  it('is another when it is routed to other models', () => {
    const routed = (models: string) => asked(`${haiku}routing: { models: [${models}] }\n`);

    expect(routed('haiku')).toBe(asked(haiku));
    expect(new Set([routed('haiku'), routed('opus'), routed('haiku, opus')]).size).toBe(3);
    expect(asked(`${haiku}routing: { models: [opus], below: 0.1 }\n`)).toBe(routed('opus'));
  });

  it('is another when a reference document of the target is', () => {
    const referring = (changed = {}, more = '') =>
      asked(`retrieval: { documents: ['reference/{target}/*.md', 'docs/**/*.md']${more} }\n`, changed);

    expect(referring()).not.toBe(asked());
    expect(referring({ 'reference/guide/a.md': 'edited' })).not.toBe(referring());
    expect(referring({ 'reference/guide/new.md': 'new' })).not.toBe(referring());
    expect(referring({ 'reference/other/b.md': 'edited' })).toBe(referring());
    expect(referring({}, ', topK: 9')).toBe(referring());
  });

  it('doesn’t go by an item’s file, whatever the globs of the documents say', () => {
    const referring = (changed = {}) => asked("retrieval: { documents: ['docs/**/*.md'] }\n", changed);

    expect(referring({ 'docs/guide/page.md': 'edited' })).toBe(referring());
  });

  it('is another when a document of the target is that a tool searches', () => {
    const searched = (globs: string, changed = {}) =>
      asked('', changed, 'page#1', `, references: [${globs}]`);
    const referring = (changed = {}) => searched("'reference/{target}/*.md', 'docs/guide/*.md'", changed);

    expect(referring()).not.toBe(asked());
    expect(referring({ 'reference/guide/a.md': 'edited' })).not.toBe(referring());
    expect(referring({ 'reference/other/b.md': 'edited' })).toBe(referring());
    expect(referring({ 'docs/guide/page.md': 'edited' })).toBe(referring());
    expect(searched('')).toBe(asked());
  });

  it('is what older notes have, where nothing is routed or searched', () => {
    expect(asked(haiku)).toBe('813d819390dacd063435411d4bea6ef240f802313b9976f98e5614dd1764db7a');
  });
});
