import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeId, decodePlanId, encodeId, encodePlanId } from '../../src/model/ids.js';
import { makeRepository, runGit } from '../support/git-repo.js';
import type { TestRepository } from '../support/git-repo.js';

const odd = [
  '.',
  '..',
  '...',
  '[',
  '[[',
  '^',
  '@',
  '@{0}',
  '-',
  '-x',
  'x.lock',
  'x.LOCK',
  'x..lock',
  'a..b',
  '.x',
  'x.',
  'a b',
  ' ',
  'a/b',
  'a\\b',
  '~',
  ':',
  '?',
  '*',
  '%',
  '%41',
  '%zz',
  '`tick`',
  '"quoted"',
  "it's",
  'ünï',
  '🎉',
  '\u200b',
  '\u0000',
  'a\nb',
  'node_modules',
];
const anyId = fc.oneof(fc.constantFrom(...odd), fc.string({ minLength: 1, unit: 'binary' }));

let repository: TestRepository;
beforeAll(async () => {
  repository = await makeRepository();
});
afterAll(() => repository.cleanup());

it('an encoded id decodes to itself', () => {
  fc.assert(
    fc.property(anyId, (id) => {
      expect(decodeId(encodeId(id))).toBe(id);
    }),
  );
});

it('different ids have different encodings', () => {
  fc.assert(
    fc.property(anyId, anyId, (one, other) => {
      expect(encodeId(one) === encodeId(other)).toBe(one === other);
    }),
  );
});

it('an encoded id is one plain component of a path', () => {
  fc.assert(
    fc.property(anyId, (id) => {
      expect(encodeId(id)).toMatch(/^[A-Za-z0-9_%+=@,][A-Za-z0-9_.%+=@,-]*$/);
      expect(encodeId(id)).not.toMatch(/^\.\.?$/);
    }),
  );
});

it('git takes encoded ids as the parts of a branch name', async () => {
  const sample = [...odd, ...fc.sample(anyId, { numRuns: 40, seed: 7 })];
  const refs = sample.map((id) => `refs/heads/regen/${encodeId(id)}/${encodeId(id)}`);

  const checked = await Promise.all(refs.map((ref) => runGit(repository.root, ['check-ref-format', ref])));

  expect(checked).toEqual(refs.map(() => ''));
});

it('ordinary ids stand as they are in paths and refs', () => {
  const ids = ['scatter-basic', 'git_log', 'v1.2.3', 'c++', 'user@host', 'a,b=c'];

  expect(ids.map(encodeId)).toEqual(ids);
});

it('odd ids are spelled out for git and the file system', () => {
  const encoded = ['.', '..', '[', '-x', 'x.lock', '@', 'a b', 'a/b'].map(encodeId);

  expect(encoded).toEqual(['%2E', '%2E%2E', '%5B', '%2Dx', 'x%2Elock', '%40', 'a%20b', 'a%2Fb']);
});

it('an empty id has no encoding', () => {
  expect(() => encodeId('')).toThrow(RangeError);
});

it('an id in the plan is one word and decodes to itself', () => {
  fc.assert(
    fc.property(anyId, (id) => {
      expect(encodePlanId(id)).toMatch(/^\S+$/u);
      expect(decodePlanId(encodePlanId(id))).toBe(id);
    }),
  );
});

it('nearly every id stands as it is in the plan', () => {
  const ids = ['.', '[', '[[', '^', '100%', '`tick`', 'a:b', 'ünï', '🎉', '<!--'];

  expect(ids.map(encodePlanId)).toEqual(ids);
});

it('percent signs that escape no character are left alone', () => {
  expect(['%FF', '100%', '%C3', '%zz', 'a%20b'].map(decodePlanId)).toEqual([
    '%FF',
    '100%',
    '%C3',
    '%zz',
    'a b',
  ]);
});
