import { chmod, mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { appendDurably } from '../../src/system/append.js';
import { createAtomically, replaceAtomically, writeAtomically } from '../../src/system/atomic-write.js';
import { readOptional, readOptionalBytes } from '../../src/system/read-optional.js';
import { makeScratch } from '../support/scratch.js';

it('writes a file whole and leaves nothing else in the folder', async () => {
  await using scratch = await makeScratch();

  await writeAtomically(scratch.in('plan.md'), 'one\n');
  await writeAtomically(scratch.in('plan.md'), Buffer.from('two\n'));

  expect(await readFile(scratch.in('plan.md'), 'utf8')).toBe('two\n');
  expect(await readdir(scratch.folder)).toEqual(['plan.md']);
});

it('keeps the mode of the file it writes over', async () => {
  await using scratch = await makeScratch();
  await writeFile(scratch.in('plan.md'), 'one\n');
  await chmod(scratch.in('plan.md'), 0o640);

  await writeAtomically(scratch.in('plan.md'), 'two\n');

  expect((await stat(scratch.in('plan.md'))).mode & 0o777).toBe(0o640);
});

it('writes through a symlink, which stays one', async () => {
  await using scratch = await makeScratch();
  await mkdir(scratch.in('elsewhere'));
  await writeFile(scratch.in('elsewhere', 'real.md'), 'one\n');
  await symlink('elsewhere/real.md', scratch.in('plan.md'));

  await writeAtomically(scratch.in('plan.md'), 'two\n');

  expect(await readFile(scratch.in('elsewhere', 'real.md'), 'utf8')).toBe('two\n');
  expect(
    (await readdir(scratch.folder, { withFileTypes: true })).map((entry) => entry.isSymbolicLink()),
  ).toEqual([false, true]);
});

it('takes names as long as the file system does', async () => {
  await using scratch = await makeScratch();
  const name = 'n'.repeat(255);

  await writeAtomically(scratch.in(name), 'whole\n');

  expect(await readdir(scratch.folder)).toEqual([name]);
});

it('leaves nothing behind when it fails', async () => {
  await using scratch = await makeScratch();
  await mkdir(scratch.in('plan.md'));

  await expect(writeAtomically(scratch.in('plan.md'), 'one\n')).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);

  expect(await readdir(scratch.folder)).toEqual(['plan.md']);
});

it('replaces only the bytes that were expected', async () => {
  await using scratch = await makeScratch();
  await writeFile(scratch.in('plan.md'), 'theirs\n');

  const overTheirs = await replaceAtomically(scratch.in('plan.md'), 'ours\n', Buffer.from('before\n'));
  const overExpected = await replaceAtomically(scratch.in('other.md'), 'ours\n', Buffer.from('before\n'));

  expect([overTheirs, overExpected]).toEqual([false, false]);
  expect(await readFile(scratch.in('plan.md'), 'utf8')).toBe('theirs\n');
  expect(await readdir(scratch.folder)).toEqual(['plan.md']);
});

it('replaces what is still as expected', async () => {
  await using scratch = await makeScratch();
  await writeFile(scratch.in('plan.md'), 'before\n');

  const replaced = await replaceAtomically(scratch.in('plan.md'), 'ours\n', Buffer.from('before\n'));

  expect(replaced).toBe(true);
  expect(await readFile(scratch.in('plan.md'), 'utf8')).toBe('ours\n');
});

it('creates a file once, whoever else tries at the same time', async () => {
  await using scratch = await makeScratch();
  const names = Array.from({ length: 20 }, (_, index) => `writer ${index}`);

  const created = await Promise.all(
    names.map((name) => createAtomically(scratch.in('plan.md'), name, { isDurable: true })),
  );

  expect(created.filter(Boolean)).toEqual([true]);
  expect(await readFile(scratch.in('plan.md'), 'utf8')).toBe(names[created.indexOf(true)]);
  expect(await readdir(scratch.folder)).toEqual(['plan.md']);
});

it('never creates a file over a symlink, not even one that leads nowhere', async () => {
  await using scratch = await makeScratch();
  await symlink('nowhere', scratch.in('plan.md'));

  expect(await createAtomically(scratch.in('plan.md'), 'new\n', { isDurable: true })).toBe(false);
});

it('appends lines with or without their newline', async () => {
  await using scratch = await makeScratch();

  await appendDurably(scratch.in('log'), '{"a":1}');
  await appendDurably(scratch.in('log'), '{"b":2}\n{"c":3}\n');

  expect(await readFile(scratch.in('log'), 'utf8')).toBe('{"a":1}\n{"b":2}\n{"c":3}\n');
});

it('begins a new line after one that a kill tore', async () => {
  await using scratch = await makeScratch();
  await writeFile(scratch.in('log'), '{"a":1}\n{"b":');

  await appendDurably(scratch.in('log'), '{"c":3}');

  expect(await readFile(scratch.in('log'), 'utf8')).toBe('{"a":1}\n{"b":\n{"c":3}\n');
});

it('keeps lines of writers at the same time apart', async () => {
  await using scratch = await makeScratch();
  const lines = Array.from({ length: 50 }, (_, index) => JSON.stringify({ index, fill: 'x'.repeat(5000) }));

  await Promise.all(lines.map((line) => appendDurably(scratch.in('log'), line)));

  const written = (await readFile(scratch.in('log'), 'utf8')).split('\n').filter((line) => line !== '');
  expect(written.sort()).toEqual([...lines].sort());
});

it('reads a missing file as null', async () => {
  await using scratch = await makeScratch();
  await writeFile(scratch.in('there'), 'ünï\n');

  expect(await readOptional(scratch.in('missing'))).toBeNull();
  expect(await readOptional(scratch.in('there', 'below-a-file'))).toBeNull();
  expect(await readOptional(scratch.in('there'))).toBe('ünï\n');
  expect(await readOptionalBytes(scratch.in('there'))).toEqual(Buffer.from('ünï\n'));
});

it('says so when a file is there and can’t be read', async () => {
  await using scratch = await makeScratch();

  await expect(readOptional(scratch.folder)).rejects.toThrow(/EISDIR/);
});
