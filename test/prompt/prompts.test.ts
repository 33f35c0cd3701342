import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { BaseTree } from '../../src/model/base-tree.js';
import type { Config } from '../../src/model/config.js';
import { configSchema } from '../../src/model/config-schema.js';
import { createPrompts } from '../../src/prompt/prompts.js';
import type { CheckResult } from '../../src/model/verdict.js';
import { workingRules } from '../../src/prompt/rules.js';

const signal = new AbortController().signal;
const files = {
  'prompts/plot-generator.md': '# Generator\r\n\r\nDraw {target}.\n\n',
  'plots/scatter-basic/specification.md': '# {target}: points\nKeep {item} and {x}.',
  'prompts/library/altair.md': 'Use {item}.',
  'prompts/library/plotly.md': 'Use plotly.',
  'prompts/task.md': 'Redo {item} of {target}.',
};

describe('the prefix', () => {
  it('is the rules, then static, then target texts, each as it stands in the base', async () => {
    const prompt = await build({ item: 'altair' });

    expect(prompt.prefix).toBe(
      [
        workingRules(true),
        '<file path="prompts/plot-generator.md">\n# Generator\r\n\r\nDraw {target}.\n\n\n</file>',
        '<file path="plots/scatter-basic/specification.md">\n# scatter-basic: points\nKeep {item} and {x}.\n</file>',
      ].join('\n\n'),
    );
  });

  it('is the same for every item, worktree and change request of a target', async () => {
    const one = await build({ item: 'altair', worktree: '/w/altair', changeRequests: ['other data'] });
    const other = await build({ item: 'plotly', worktree: null });

    expect(other.prefix).toBe(one.prefix);
    expect(other.prefixHash).toBe(one.prefixHash);
    expect(one.prefixHash).toBe(createHash('sha256').update(one.prefix).digest('hex'));
  });

  it('asks for independence only where items are isolated', async () => {
    const isolated = await build({ item: 'altair' });
    const open = await build({ item: 'altair' }, { isolate: false });

    expect([isolated.prefix.includes('# Independence'), open.prefix.includes('# Independence')]).toEqual([
      true,
      false,
    ]);
  });
});

describe('the message', () => {
  it('holds what is the item’s own', async () => {
    const prompt = await build({
      item: 'altair',
      worktree: '/w/altair',
      changeRequests: ['the data equals plotly’s; choose another domain.'],
    });

    expect(prompt.message).toBe(`<file path="prompts/library/altair.md">
Use altair.
</file>

# Task

<task path="prompts/task.md">
Redo altair of scatter-basic.
</task>

# Change request

This is a hard requirement: it stands above everything else that you are told here, and work that does not meet it is not
accepted.

- the data equals plotly’s; choose another domain.

# Place of work

- Target: \`scatter-basic\`
- Item: \`altair\`
- Worktree, your current directory: /w/altair
- May be written, relative to the worktree, and nothing else: \`plots/scatter-basic/altair.py\`

# How the work is checked

When you end, these checks run by themselves, in this order: render, suite. If one fails you are told what it
said, and get another turn.`);
  });

  it('takes a task that is no file name as the text itself', async () => {
    const prompt = await build(
      { item: 'altair' },
      { task: 'Redo {item} after docs/{target}.md, {other} too.' },
    );

    expect(prompt.message).toContain(
      '# Task\n\n<task path="prompt.task">\nRedo altair after docs/scatter-basic.md, {other} too.\n</task>\n\n',
    );
  });

  it('fills an id in once, whatever it holds', async () => {
    const prompt = await build({ item: '{target}' }, { task: 'Redo {item}.', item: [] });

    expect(prompt.message).toContain('# Task\n\n<task path="prompt.task">\nRedo {target}.\n</task>\n\n');
  });

  it('names its segments in the order in which they are sent', async () => {
    const prompt = await build({ item: 'altair', changeRequests: ['x'] });

    expect(prompt.segments.map(({ layer, source }) => `${layer}: ${source}`)).toEqual([
      'static: working rules',
      'static: prompts/plot-generator.md',
      'target: plots/scatter-basic/specification.md',
      'item: prompts/library/altair.md',
      'task: prompts/task.md',
      'task: change request',
      'task: place of work',
      'task: checks',
    ]);
    expect(prompt.segments.map(({ text }) => text).join('\n\n')).toBe(
      `${prompt.prefix}\n\n${prompt.message}`,
    );
  });
});

describe('a file that the prompt needs', () => {
  it('must be in the base', async () => {
    const building = build({ item: 'pygal' });

    await expect(building).rejects.toMatchObject({
      code: 'config',
      message: 'prompt.item names prompts/library/pygal.md, which is not in the base (1f3c9ab)',
    });
  });

  it('must be there when the task looks like a file', async () => {
    const building = build({ item: 'altair' }, { task: 'regen-task.md' });

    await expect(building).rejects.toMatchObject({
      code: 'config',
      message: 'prompt.task names regen-task.md, which is not in the base (1f3c9ab)',
    });
  });

  it('is looked for in the base’s list, before anything is made', async () => {
    const paths = [...Object.keys(files), 'prompts/library/pygal.md'];
    const entries = paths.map((path) => ({ path, mode: '100644', sha: tree.sha, size: 1 }));
    const listed = { ...tree, entries: () => Promise.resolve(entries) };
    const looking = (item: string) =>
      createPrompts({ config: config({}) }).ensureFiles(
        { target: 'scatter-basic', items: ['pygal', item], tree: listed },
        signal,
      );

    await expect(looking('pygal')).resolves.toBeUndefined();
    await expect(looking('bokeh')).rejects.toMatchObject({
      code: 'config',
      message: 'prompt.item names prompts/library/bokeh.md, which is not in the base (1f3c9ab)',
    });
  });

  it('must be text', async () => {
    const building = build({ item: 'altair' }, { item: ['logo.png'] });

    await expect(building).rejects.toMatchObject({
      code: 'config',
      message: 'prompt.item names logo.png, which is not UTF-8 text',
    });
  });
});

describe('the next turn', () => {
  it('says what was mended, and of what fails as before only that', () => {
    const digest = (log: string, took: string) =>
      `exit code 1; pytest: 1 failed in ${took}\n\n✗ test_a\n\nLog: ${log}`;
    const message = createPrompts({ config: config({}) }).repair({
      now: [
        result({ name: 'lint' }),
        result({ name: 'same', digest: digest('1/same.log', '0.2s') }),
        result({ name: 'other', digest: 'exit code 2' }),
      ],
      before: [
        result({ name: 'lint', digest: 'exit code 1' }),
        result({ name: 'same', digest: digest('0/same.log', '0.1s') }),
        result({ name: 'other', digest: 'exit code 1' }),
      ],
    });

    expect(message).toContain('Mended: lint.');
    expect(message).toContain(
      '## same\n\nThe very same as before your last turn: exit code 1; pytest: 1 failed in 0.2s\nLog: 1/same.log\n',
    );
    expect(message).toContain('## other\n\nexit code 2\n');
  });

  it('says what failed and how, and nothing of what passed', () => {
    const message = createPrompts({ config: config({}) }).repair({
      now: [
        result({ name: 'lint' }),
        result({ name: 'render (theme=dark)', digest: 'plot-dark.png was not produced' }),
      ],
      before: [],
    });

    expect(message).toBe(`# The work does not pass yet

## render (theme=dark)

plot-dark.png was not produced

Mend the cause in the files that you may write. Don't weaken what is checked. The checks run again by themselves when
you end.`);
  });
});

interface Own {
  readonly isolate?: boolean;
  readonly task?: string;
  readonly item?: readonly string[];
}

function build(
  facts: {
    readonly item: string;
    readonly worktree?: string | null;
    readonly changeRequests?: readonly string[];
  },
  own: Own = {},
): ReturnType<ReturnType<typeof createPrompts>['build']> {
  const { item, worktree = null, changeRequests = [] } = facts;
  const writes = ['plots/{target}/{item}.py'];
  return createPrompts({ config: config(own) }).build(
    { target: 'scatter-basic', item, tree, worktree, writes, changeRequests },
    signal,
  );
}

function config({
  isolate = true,
  task = 'prompts/task.md',
  item = ['prompts/library/{item}.md'],
}: Own): Config {
  return configSchema.parse({
    version: 1,
    targets: { list: ['scatter-basic'] },
    items: { glob: 'plots/{target}/*.py', isolate },
    prompt: {
      static: ['prompts/plot-generator.md'],
      target: ['plots/{target}/specification.md'],
      item,
      task,
    },
    checks: {
      run: [
        { name: 'render', run: 'render {item}' },
        { name: 'suite', run: 'pytest' },
      ],
    },
  });
}

const tree: BaseTree = {
  sha: '1f3c9ab0e4d2c5b6a7988796a5b4c3d2e1f00112',
  entries: () => Promise.resolve([]),
  read(paths, each) {
    const binary = new Map([['logo.png', Buffer.from([0x89, 0x50, 0xff])]]);
    const texts = new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));
    for (const path of paths) each(path, texts.get(path) ?? binary.get(path) ?? null);
    return Promise.resolve();
  },
  history: () => Promise.resolve(),
  isShallow: () => Promise.resolve(false),
};

/** Without a digest it passed. */
function result({
  name,
  digest = null,
}: {
  readonly name: string;
  readonly digest?: string | null;
}): CheckResult {
  return { name, ok: digest === null, durationMs: 1, digest, notes: [], log: `${name}.log` };
}
