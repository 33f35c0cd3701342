/** Whether a tool call only looks after something that runs elsewhere. Pure. */
import type { Words } from './shell.js';

/** `sleep`: it waits and looks. `look`: it looks at what changes by itself. null: it does something. */
export type Wait = 'sleep' | 'look' | null;

/** Tools that ask after a background task. */
const askingTools = new Set(['BashOutput', 'TaskOutput', 'AgentOutputTool', 'TaskGet']);

/** @param commands - what a Bash call runs; none for any other tool. */
export function waitOf(tool: string, commands: readonly Words[]): Wait {
  if (askingTools.has(tool)) return 'sleep';
  if (commands.length === 0 || !commands.every(isLook)) return null;
  if (commands.some(([name]) => name === 'sleep')) return 'sleep';
  return commands.some(looksAtRunning) ? 'look' : null;
}

const lookers = new Set([
  ...[
    'sleep',
    'tail',
    'head',
    'cat',
    'ps',
    'pgrep',
    'pidof',
    'wc',
    'ls',
    'grep',
    'egrep',
    'rg',
    'jobs',
    'stat',
  ],
  ...[
    'date',
    'echo',
    'printf',
    'test',
    '[',
    '[[',
    'du',
    'sort',
    'uniq',
    'awk',
    'cut',
    'tr',
    'break',
    'exit',
    'false',
  ],
]);

/** Programs that tell of something elsewhere by some of their words. */
const reports: Readonly<Record<string, RegExp>> = {
  gh: /^(?:run|pr) (?:list|view|watch|checks|status)/,
  docker: /^(?:ps|logs|inspect)/,
  kubectl: /^(?:get|logs|describe)/,
  kill: /^-0/,
  sed: /^-n/,
};

function isLook([name = '', ...rest]: Words): boolean {
  return lookers.has(name) || isReport(name, rest);
}

function isReport(name: string, rest: Words): boolean {
  return Object.hasOwn(reports, name) && reports[name]?.test(rest.join(' ')) === true;
}

/** Processes, remote jobs, and files that others write. */
function looksAtRunning([name = '', ...rest]: Words): boolean {
  if (['ps', 'pgrep', 'pidof', 'jobs'].includes(name)) return true;
  if (name !== 'sed' && isReport(name, rest)) return true;
  return ['tail', 'cat', 'head', 'wc', 'ls', 'grep'].includes(name) && rest.some((word) => grows.test(word));
}

const grows = /\.(?:log|out|output)$|^\/tmp\/|nohup|\/tasks\//;

/** The same look, whatever the counts and pids in it. */
export function lookKey(tool: string, command: string): string {
  return `${tool} ${command.replace(/\d+/g, '#').slice(0, 200)}`;
}
