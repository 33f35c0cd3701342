/** What a tool call does, read off its name and input. Pure. */
import { excerpt, fieldsOf, owned, textOf } from './json.js';
import type { Fields } from './json.js';
import type { Call, CallKind, Range } from './session.js';
import { simpleCommands } from './shell.js';
import type { Words } from './shell.js';
import { testCommandOf } from './test-command.js';
import { lookKey, waitOf } from './waiting.js';

const editing = new Set(['Edit', 'Write', 'MultiEdit', 'NotebookEdit', 'str_replace_based_edit_tool']);
const subagents = new Set(['Task', 'Agent']);
const harmless = new Set([
  ...[
    'Read',
    'Grep',
    'Glob',
    'LS',
    'WebFetch',
    'WebSearch',
    'TodoWrite',
    'TodoRead',
    'ToolSearch',
    'NotebookRead',
  ],
  ...[
    'BashOutput',
    'TaskOutput',
    'TaskGet',
    'TaskList',
    'TaskCreate',
    'TaskUpdate',
    'Skill',
    'StructuredOutput',
  ],
]);

/** A call, whose result comes later. */
export interface OpenCall extends Call {
  result: Call['result'];
}

export interface CallPlace {
  /** The session's folder: files in it are told by their way from there. */
  readonly cwd: string | null;
  /** Gives equal texts the same memory. */
  same(text: string): string;
}

export function callOf(name: unknown, input: unknown, place: CallPlace): OpenCall {
  const same = (text: string): string => place.same(text);
  const tool = same(textOf(name) ?? '?');
  const fields = fieldsOf(input);
  const command = tool === 'Bash' ? (textOf(fields['command']) ?? '') : null;
  const commands = command === null ? [] : simpleCommands(command);
  const test = command === null ? testTool(tool) : testCommandOf(commands);
  const read = wholeFileOf(commands);
  const file = tool === 'Bash' ? read : fileOf(fields);
  const wait = test === null ? waitOf(tool, commands) : null;
  return {
    tool,
    kind: kindOf({
      tool,
      command,
      commands,
      isTest: test !== null,
      isRead: tool === 'Read' || read !== null,
    }),
    what: same(excerpt(command ?? within(place.cwd, whatOf(fields)))),
    wait,
    waitKey: wait === null ? '' : same(owned(lookKey(tool, command ?? whatOf(fields)))),
    test,
    file: file === null ? null : same(owned(within(place.cwd, file))),
    range: tool === 'Read' ? rangeOf(fields) : null,
    result: null,
  };
}

interface Facts {
  readonly tool: string;
  readonly command: string | null;
  readonly commands: readonly Words[];
  readonly isTest: boolean;
  readonly isRead: boolean;
}

function kindOf({ tool, command, commands, isTest, isRead }: Facts): CallKind {
  if (isTest) return 'test';
  if (subagents.has(tool)) return 'subagent';
  if (editing.has(tool)) return 'edit';
  if (isRead) return 'read';
  if (command === null) return harmless.has(tool) ? 'neutral' : 'other';
  if (isSetup(command)) return 'setup';
  return commands.every(isNeutral) && !/(?<![0-9&])>(?!&|\s*\/dev\/null)/.test(command) ? 'neutral' : 'other';
}

/** A tool of an MCP server that runs tests. */
function testTool(tool: string): Call['test'] {
  const name = /^mcp__.+?__(.+)$/.exec(tool)?.[1] ?? '';
  return /(?:^|_)tests?(?:_|$)/.test(name) ? { framework: name, isTargeted: null } : null;
}

const neutral = new Set([
  ...[
    'ls',
    'cat',
    'head',
    'tail',
    'grep',
    'egrep',
    'rg',
    'find',
    'wc',
    'sleep',
    'ps',
    'pgrep',
    'echo',
    'pwd',
    'date',
  ],
  ...[
    'which',
    'stat',
    'file',
    'tree',
    'du',
    'df',
    'sort',
    'uniq',
    'cut',
    'tr',
    'awk',
    'jq',
    'diff',
    'env',
    'printf',
  ],
]);

function isNeutral([name = '', next = '', ...rest]: Words): boolean {
  if (name === 'git') return /^(?:status|diff|log|show|branch|rev-parse|ls-files|blame|grep)$/.test(next);
  if (name === 'sed') return next === '-n';
  if (name === 'find') return !rest.some((word) => /^-(?:delete|exec|ok)/.test(word));
  return neutral.has(name);
}

function isSetup(command: string): boolean {
  return /\b(?:uv (?:sync|venv|pip install)|pip3? install|poetry install|python3? -m venv|npm (?:ci|i|install)|pnpm i(?:nstall)?|yarn install|bundle install|cargo fetch|go mod download|(?:task|make) install[\w-]*)\b/.test(
    command,
  );
}

/** `cat FILE` alone is a read like any other. */
function wholeFileOf([first, ...more]: readonly Words[]): string | null {
  if (first?.length !== 2 || more.length > 0 || first[0] !== 'cat') return null;
  const [, file = ''] = first;
  return /^[<>-]/.test(file) ? null : file;
}

function fileOf(fields: Fields): string | null {
  return textOf(fields['file_path']) ?? textOf(fields['notebook_path']) ?? textOf(fields['path']);
}

function within(cwd: string | null, file: string): string {
  return cwd !== null && file.startsWith(`${cwd}/`) ? file.slice(cwd.length + 1) : file;
}

/** What says most of any tool's input. */
function whatOf(fields: Fields): string {
  const named = [
    'file_path',
    'notebook_path',
    'command',
    'pattern',
    'description',
    'query',
    'url',
    'prompt',
    'path',
  ];
  for (const name of named) {
    const text = textOf(fields[name]);
    if (text !== null) return text;
  }
  const texts = Object.values(fields).filter((value) => typeof value === 'string');
  return texts[0] ?? '';
}

/** Without limits it reads 2,000 lines. */
function rangeOf(fields: Fields): Range {
  const from = Math.max(1, numberOf(fields['offset']) ?? 1);
  return { from, to: from + (numberOf(fields['limit']) ?? 2000) - 1 };
}

function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number > 0 ? number : null;
}
