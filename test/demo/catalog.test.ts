import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/parse.js';
import { author } from '../../src/demo/author.js';
import { catalogFiles } from '../../src/demo/catalog/files.js';
import { rendererIds, type RendererId } from '../../src/demo/catalog/renderers.js';
import type { ScriptedRequest } from '../../src/demo/model/request.js';
import { writeFiles } from '../support/git-repo.js';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'regen-catalog-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Report {
  readonly code: number;
  readonly stderr: string;
}

/** Runs the catalog's own check on its files, some of them replaced. */
async function check(
  name: string,
  item: { readonly target: string; readonly renderer: RendererId; readonly theme: string },
  replaced: Readonly<Record<string, string>> = {},
): Promise<Report> {
  const root = path.join(folder, name);
  await writeFiles(root, { ...catalogFiles(), ...replaced });
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['tools/check.mjs', item.target, item.renderer],
      { cwd: root, env: { REGEN_THEME: item.theme, REGEN_ARTIFACTS: root } },
      (error, _stdout, stderr) => {
        resolve({ code: Number(error?.code ?? 0), stderr });
      },
    );
  });
}

/** Plays the author's part of a conversation: which file it leaves behind after so many prompts. */
function fileAfter(item: { readonly target: string; readonly renderer: RendererId }, prompts: number) {
  const file = `charts/${item.target}/renderers/${item.renderer}.mjs`;
  let text = '';
  for (let count = 1; count <= prompts; count += 1) {
    const request = { firstMessage: `Write ${file}`, prompts: Array.from({ length: count }, () => '') };
    for (const turnOfPrompt of [1, 2, 3]) {
      // The author reads nothing else of a request.
      const reply = author({ ...request, turnOfPrompt } as unknown as ScriptedRequest);
      for (const call of reply.kind === 'answer' ? reply.calls : []) {
        const { content, old_string: old, new_string: replacement } = call.input;
        if (call.name === 'Write') text = String(content);
        if (call.name === 'Edit') text = text.replace(String(old), String(replacement));
      }
    }
  }
  return { [file]: text };
}

test('its regen.yaml is valid', () => {
  const config = parseConfig(catalogFiles()['regen.yaml'] ?? '');

  expect(config).toMatchObject({
    ship: { repository: 'sample/charts', labelDelay: 50 },
    checks: { repairs: 1 },
  });
});

test('the drafts on its main branch fail the check, so that there is something to do', async () => {
  const report = await check('draft', { target: 'rainfall', renderer: 'path', theme: 'dark' });

  expect(report).toEqual({
    code: 1,
    stderr: [
      'dark: the title "Rainfall by Season (mm)" is missing',
      ...['Spring', 'Summer', 'Autumn', 'Winter'].map((label) => `dark: the label "${label}" is missing`),
      'dark: the paper is nothing, it should be #111827',
      '',
    ].join('\n'),
  });
});

const right = ['rainfall', 'daylight'].flatMap((target) =>
  rendererIds
    .filter((renderer) => target === 'daylight' || renderer === 'path')
    .map((renderer) => ({ target, renderer })),
);

describe('what the author writes', () => {
  test.each(right)('passes at once: $target/$renderer', async (item) => {
    const name = `${item.target}-${item.renderer}`;
    const files = fileAfter(item, 1);

    const light = await check(name, { ...item, theme: 'light' }, files);
    const dark = await check(name, { ...item, theme: 'dark' }, files);

    expect([light, dark]).toEqual([
      { code: 0, stderr: '' },
      { code: 0, stderr: '' },
    ]);
    expect(await readdir(path.join(folder, name))).toContain('chart-dark.svg');
  });

  test('forgets a theme in rainfall/template, and mends that when it is told', async () => {
    const item = { target: 'rainfall', renderer: 'template' } as const;

    const light = await check('forgets', { ...item, theme: 'light' }, fileAfter(item, 1));
    const dark = await check('forgets', { ...item, theme: 'dark' }, fileAfter(item, 1));
    const mended = await check('forgets', { ...item, theme: 'dark' }, fileAfter(item, 2));

    expect(light.code).toBe(0);
    expect(dark).toEqual({ code: 1, stderr: 'dark: the paper is #ffffff, it should be #111827\n' });
    expect(mended).toEqual({ code: 0, stderr: '' });
  });

  test('misreads the data in rainfall/tree, and still does when it is told', async () => {
    const item = { target: 'rainfall', renderer: 'tree' } as const;

    const first = await check('misreads', { ...item, theme: 'light' }, fileAfter(item, 1));
    const second = await check('misreads', { ...item, theme: 'light' }, fileAfter(item, 2));

    expect(first).toEqual({ code: 1, stderr: 'light: 8 coordinates are not numbers\n' });
    expect(second).toEqual(first);
    expect(fileAfter(item, 2)).not.toEqual(fileAfter(item, 1));
  });

  test('is a proper drawing', async () => {
    const item = { target: 'rainfall', renderer: 'template', theme: 'light' } as const;
    await check('drawing', item, fileAfter(item, 1));

    const svg = await readFile(path.join(folder, 'drawing', 'chart-light.svg'), 'utf8');

    expect(svg).toContain('<rect class="mark" x="160" y="60" width="60" height="160"/>');
    expect(svg.match(/class="mark"/g)).toHaveLength(4);
  });
});
