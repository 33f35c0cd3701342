import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.js';

const sound = 'version: 1\ntargets: { list: [a] }\nitems: { glob: "*.py" }\nprompt: { task: Redo it. }\n';

let root = '';

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'regen-config-'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

describe('loadConfig', () => {
  it('reads regen.yaml in the root', async () => {
    await writeFile(path.join(root, 'regen.yaml'), sound);

    const config = await loadConfig({ surroundings: { root } });

    expect(config.targets.list).toEqual([{ id: 'a' }]);
  });

  it('reads another file when one is named, and names it in errors', async () => {
    await mkdir(path.join(root, 'ci'));
    await writeFile(path.join(root, 'ci', 'nightly.yaml'), `${sound}bse: x\n`);

    const loading = loadConfig({ surroundings: { root }, file: 'ci/nightly.yaml' });

    await expect(loading).rejects.toMatchObject({
      code: 'config',
      message: 'ci/nightly.yaml:5:1: bse: is not a known key; did you mean "base"?',
    });
  });

  it('says what to do when there is no file', async () => {
    const loading = loadConfig({ surroundings: { root } });

    await expect(loading).rejects.toMatchObject({
      code: 'config',
      message: 'regen.yaml does not exist, and nothing says what to redo',
      hint: 'run "regen init" to write a regen.yaml, or name one with --config FILE',
    });
  });

  it('refuses a folder and bytes that are no text', async () => {
    await mkdir(path.join(root, 'folder'));
    await writeFile(path.join(root, 'regen.yaml'), Buffer.from([0x76, 0xff, 0xfe]));

    const folder = loadConfig({ surroundings: { root }, file: 'folder' });
    const bytes = loadConfig({ surroundings: { root } });

    await expect(folder).rejects.toMatchObject({
      code: 'config',
      message: "folder can't be read: it is a folder",
    });
    await expect(bytes).rejects.toMatchObject({ code: 'config', message: 'regen.yaml is not UTF-8' });
  });

  it('stops when it is told to', async () => {
    const loading = loadConfig({ surroundings: { root } }, AbortSignal.abort(new Error('enough')));

    await expect(loading).rejects.toThrow('enough');
  });
});
