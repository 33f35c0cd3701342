import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { say, use } from '../../src/demo/model/reply.js';
import type { ScriptedReply, ToolCall } from '../../src/demo/model/reply.js';
import type { ScriptedRequest } from '../../src/demo/model/request.js';
import { workingRules } from '../../src/prompt/rules.js';
import { poemConfig, poemFiles } from '../support/poems.js';
import { makeWorld } from '../support/world.js';
import type { CommandRun, World } from '../support/world.js';

const own = 'poems/autumn/voices/bold.txt';
const sibling = 'poems/autumn/voices/wry.txt';
const secret = poemFiles[sibling].trim();

/** Of each way to the sibling's text: what the tool's answer comes to. */
type Answer =
  | 'the text' // of the sibling
  | 'names' // of files, the sibling's among them
  | 'nothing' // was found, in a place that may be searched
  | 'absent' // is the file, in a place that may be read
  | 'denied';

/** The file tools, by every path that leads there; `ROOT` is the user's own checkout, in which the sibling is. */
const fileTools: readonly (readonly [ToolCall, Answer])[] = [
  [read(sibling), 'absent'],
  [read(`ROOT/.worktrees/autumn/bold/${sibling}`), 'absent'],
  [read(`ROOT/${sibling}`), 'denied'],
  [read(`../../../${sibling}`), 'denied'],
  [read(`ROOT/.worktrees/autumn/wry/${sibling}`), 'denied'],
  [read('ROOT/.git/index'), 'denied'],
  [read('ROOT/.git/HEAD'), 'denied'],
  [read('poems/link/wry.txt'), 'denied'],
  [edit(`ROOT/${sibling}`), 'denied'],
  [grep({}), 'nothing'],
  [grep({ path: 'ROOT' }), 'denied'],
  [grep({ path: 'ROOT/poems' }), 'denied'],
  [grep({ path: `ROOT/${sibling}` }), 'denied'],
  [grep({ path: '../wry' }), 'denied'],
  [grep({ path: 'ROOT/.git' }), 'denied'],
  [grep({ path: 'poems/link' }), 'denied'],
  [glob({ pattern: '**/wry.txt' }), 'nothing'],
  [glob({ pattern: '**/wry.txt', path: 'ROOT' }), 'denied'],
  [glob({ pattern: 'ROOT/poems/**/*.txt' }), 'names'],
];

/** What Bash does of that without any rule that allows it: paths are looked at, but git's history is open. */
const commands: readonly (readonly [string, Answer])[] = [
  [`cat ${sibling}`, 'absent'],
  [`cat ROOT/${sibling}`, 'denied'],
  [`head ROOT/${sibling}`, 'denied'],
  [`sed -n 1,9p ../../../${sibling}`, 'denied'],
  ['grep -r autumn ROOT/poems', 'denied'],
  [`cp ROOT/${sibling} poems/copy.txt`, 'denied'],
  [`ln ROOT/${sibling} poems/hard.txt`, 'denied'],
  [`cd ../../.. && cat ${sibling}`, 'denied'],
  [`git -C ROOT show HEAD:${sibling}`, 'denied'],
  [`git checkout HEAD -- ${sibling}`, 'denied'],
  ['cat poems/link/wry.txt', 'denied'],
  [`cat < ROOT/${sibling}`, 'the text'],
  [`git show HEAD:${sibling}`, 'the text'],
  [`git cat-file -p HEAD:${sibling}`, 'the text'],
  [`git log -p -- ${sibling}`, 'the text'],
  ['git log -p', 'the text'],
  ['git grep "wry autumn" HEAD', 'the text'],
];

const link = bash('ln -s ../../../../poems/autumn/voices poems/link');

/** All in one session, one after the other: the looks, then the work. */
const calls: readonly ToolCall[] = [
  link,
  ...fileTools.map(([call]) => call),
  ...commands.map(([command]) => bash(command)),
  bash('unlink poems/link'),
  read(own),
  { name: 'Write', input: { file_path: own, content: 'new bold autumn\n' } },
];

describe('an agent whose items are isolated', () => {
  let world: World;
  let step: CommandRun;
  let last: ScriptedRequest | undefined;

  beforeAll(async () => {
    world = await makeWorld({
      files: poemFiles,
      // Rules that would open files anywhere, had they any effect, and one that lets the agent make a link.
      config: poemConfig().replace(
        'agent:\n',
        `agent:\n  tools: [Read, Edit, Write, Bash, Grep, Glob]\n  allow: [Read, Edit, Grep, Glob, 'Bash(ln -s *)', 'Bash(unlink *)']\n`,
      ),
      script: (request): ScriptedReply => {
        const call = calls[request.turn - 1];
        return call === undefined ? say('Done.') : use(withRoot(call));
      },
    });
    await world.regen(['plan', 'autumn']);
    await world.repository.git('worktree', 'add', '--quiet', '--detach', '.worktrees/autumn/wry');
    step = await world.regen(['--json']);
    last = asked().at(-1);
  }, 60_000);

  afterAll(() => world[Symbol.asyncDispose]());

  it('is told so in the prefix, with the inputs that are allowed', () => {
    expect(step).toMatchObject({ exitCode: 0, document: { item: 'bold', outcome: 'shipped' } });
    expect(last?.system).toContain(workingRules(true));
    expect(workingRules(true)).toContain(`# Independence

Each item is solved on its own. These inputs are allowed, and no others:

- the documents given here and in the message;
- the item's own files, as the worktree has them;
- installed libraries and shared code that belongs to no item, with their documentation;
- what the checks report.
`);
  });

  it('cannot read another item’s file with any file tool, by whatever path', async () => {
    expect(await world.read(sibling)).toContain(secret);
    expect(await world.read(`.worktrees/autumn/wry/${sibling}`)).toContain(secret);
    expect(answerTo(link)).toBe('nothing');
    expect(fileTools.map(([call]) => [call, answerTo(call)])).toEqual(fileTools);
  });

  it('cannot with Bash by a path either, but can from git’s history and by redirection', () => {
    expect(commands.map(([command]) => [command, answerTo(bash(command))])).toEqual(commands);
  });

  it('has been told of it by nothing else', () => {
    const told = commands.flatMap(([command, answer]) => (answer === 'the text' ? [command] : []));
    const results = last?.toolResults ?? [];

    expect(results).toHaveLength(calls.length);
    expect(results.filter(({ text }) => text.includes(secret)).map(({ input }) => commandOf(input))).toEqual(
      told,
    );
    // The request that carries the last answer of a file tool.
    expect(JSON.stringify(asked()[fileTools.length + 1]?.body)).not.toContain(secret);
  });

  function asked(): ScriptedRequest[] {
    return world.model.requests.flatMap(({ scripted }) =>
      scripted === null || scripted.request.isSide ? [] : [scripted.request],
    );
  }

  function answerTo(call: ToolCall): Answer {
    const index = calls.findIndex((each) => JSON.stringify(each) === JSON.stringify(call));
    const result = last?.toolResults[index];
    if (result === undefined) throw new Error(`${JSON.stringify(call)} was not answered`);
    if (result.text.includes(secret)) return 'the text';
    if (result.text.includes(path.basename(sibling)) && !result.isError) return 'names';
    if (!result.isError) return 'nothing';
    return /does not exist|No such file/.test(result.text) ? 'absent' : denial(result.text);
  }

  function denial(text: string): 'denied' {
    expect(text).toMatch(/haven't granted it yet|was blocked|requires approval|has not been read yet/);
    return 'denied';
  }

  function withRoot({ name, input }: ToolCall): ToolCall {
    const given = Object.entries(input).map(([key, value]) => [
      key,
      typeof value === 'string' ? value.replace('ROOT', world.root) : value,
    ]);
    return { name, input: Object.fromEntries(given) as ToolCall['input'] };
  }

  function commandOf(input: unknown): string {
    const { command } = input as { readonly command: string };
    return command.replace(world.root, 'ROOT');
  }
});

function read(file: string): ToolCall {
  return { name: 'Read', input: { file_path: file } };
}

function edit(file: string): ToolCall {
  return { name: 'Edit', input: { file_path: file, old_string: 'stale', new_string: 'fresh' } };
}

function grep(where: { readonly path?: string }): ToolCall {
  return { name: 'Grep', input: { pattern: 'wry autumn', output_mode: 'content', ...where } };
}

function glob(what: { readonly pattern: string; readonly path?: string }): ToolCall {
  return { name: 'Glob', input: what };
}

function bash(command: string): ToolCall {
  return { name: 'Bash', input: { command } };
}
