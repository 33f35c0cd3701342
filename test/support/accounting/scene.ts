/** Plans whose items are scenarios, done by the built command line and the real Claude Code, and then accounted for. */
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ScriptedReply } from '../../../src/demo/model/reply.js';
import type { ScriptedRequest } from '../../../src/demo/model/request.js';
import type { MessageRow } from '../../../src/model/ledger.js';
import { parseRow } from '../../../src/usage/ledger-row.js';
import { endBy, running, until } from '../process-watch.js';
import { rubricText } from '../rubric.js';
import { makeWorld } from '../world.js';
import type { World } from '../world.js';
import type { Account } from './account.js';
import { interruptedScenarios, specialScenarios, usualScenarios } from './scripts.js';
import type { Scenario } from './scripts.js';

interface SceneOptions {
  readonly scenarios: Readonly<Record<string, Scenario>>;
  /** Lines of the `agent` section, two blanks in, and whole sections. */
  readonly agent?: string;
  readonly more?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Who is killed when a scenario's model doesn't go on; by default Claude Code alone. */
  readonly killed?: 'regen too';
}

interface Scene extends AsyncDisposable {
  readonly world: World;
  /** Whether the item's Claude Code is at work. */
  isAtWork(item: string): boolean;
  accounts(): Promise<readonly Account[]>;
}

/** A planned target; nothing has been done yet. */
async function makeScene(options: SceneOptions): Promise<Scene> {
  const { scenarios, agent = '', more = '', env } = options;
  const items = Object.keys(scenarios);
  const sessions = new Map<string, string>();
  let isOver = false;
  const script = async (request: ScriptedRequest): Promise<ScriptedReply> => {
    const item = sessions.get(request.sessionId ?? '') ?? itemIn(request.firstMessage) ?? '';
    sessions.set(request.sessionId ?? '', item);
    const reply = (await scenarios[item]?.reply(request)) ?? { kind: 'disconnect' };
    const session = request.sessionId ?? '';
    if (isEndless(reply)) {
      void until(async () => isOver || (await isNoted(world, session, reply))).then(async () => {
        if (options.killed === 'regen too') await world.killStep();
        for (const pid of running(session)) process.kill(pid, 'SIGKILL');
      });
    }
    return reply;
  };
  const world: World = await makeWorld({
    files: {
      'prompts/rubric.yaml': rubricText,
      ...Object.fromEntries(items.map((item) => [`poems/autumn/voices/${item}.txt`, 'stale\n'])),
    },
    config: configText(agent, more),
    script,
    ...(env === undefined ? {} : { env }),
  });
  const { exitCode, stderr } = await world.regen(['plan', 'autumn']);
  if (exitCode !== 0) throw new Error(`There is no plan: ${stderr}`);
  return {
    world,
    isAtWork: (item) => [...sessions].some(([session, one]) => one === item && running(session).length > 0),
    accounts: () => accountsOf(world, scenarios, sessions),
    async [Symbol.asyncDispose]() {
      isOver = true;
      await world[Symbol.asyncDispose]();
    },
  };
}

/** All items to their ends, two at a time. */
async function runScene(options: SceneOptions): Promise<readonly Account[]> {
  await using scene = await makeScene(options);
  const { exitCode, stderr } = await scene.world.regen(['run', '--jobs', '2']);
  if (exitCode !== 0 && exitCode !== 1) throw new Error(`The run was stopped: ${stderr}`);
  return await scene.accounts();
}

/** The usual scenarios, or some of them. */
export async function usualAccounts(
  only: readonly string[] = Object.keys(usualScenarios()),
): Promise<readonly Account[]> {
  return runScene({ scenarios: some(usualScenarios(), only), more: 'budget: { itemUsd: 0.5 }\n' });
}

export async function specialAccounts(
  only: readonly string[] = Object.keys(specialScenarios()),
): Promise<readonly Account[]> {
  return runScene({
    scenarios: some(specialScenarios(), only),
    agent: '  command: [claude, --fallback-model, haiku]\n  env: [CLAUDE_AUTOCOMPACT_PCT_OVERRIDE]\n',
    more: 'cache: { mode: 1h }\n',
    env: { CLAUDE_AUTOCOMPACT_PCT_OVERRIDE: '5' },
  });
}

function some(scenarios: SceneOptions['scenarios'], only: readonly string[]): SceneOptions['scenarios'] {
  return Object.fromEntries(Object.entries(scenarios).filter(([item]) => only.includes(item)));
}

/** Regen is killed while the model answers, once with Claude Code and once without it, and started again. */
export async function interruptedAccounts(): Promise<readonly Account[]> {
  const last = holding();
  await using scene = await makeScene({
    scenarios: interruptedScenarios(last.reach),
    killed: 'regen too',
  });
  const { world } = scene;
  await once(world.start([]), 'exit');
  await world.regen([]);
  const step = world.start([]);
  await last.reached;
  await endBy(step, 'SIGKILL');
  last.letGo();
  await until(() => !scene.isAtWork('regen_killed_alone'));
  await world.regen([]);
  return await scene.accounts();
}

/** Somebody who waits, and says so. */
function holding() {
  let arrive = (): void => undefined;
  let letGo = (): void => undefined;
  const reached = new Promise<void>((resolve) => (arrive = resolve));
  const released = new Promise<void>((resolve) => (letGo = resolve));
  const reach = (): Promise<void> => {
    arrive();
    return released;
  };
  return {
    reach,
    reached,
    letGo: () => {
      letGo();
    },
  };
}

function configText(agent: string, more: string): string {
  return `version: 1
targets: { list: [autumn] }
items: { glob: 'poems/{target}/voices/{item}.txt', writes: ['poems/{target}/voices/{item}.txt'] }
prompt: { task: 'Write poems/{target}/voices/{item}.txt anew.' }
agent:
  tools: [Read, Edit, Write, Bash, Task, WebSearch]
  allow: [WebSearch]
${agent}checks:
  run: [{ name: new, run: '! grep -q stale poems/{target}/voices/{item}.txt' }]
  repairs: 1
evaluate: { rubric: prompts/rubric.yaml, accept: 50, model: haiku }
ship: { to: branch }
${more}`;
}

/** The author is told the file, the judge the item. */
function itemIn(message: string): string | undefined {
  return /poems\/\w+\/voices\/(\w+)\.txt/.exec(message)?.[1] ?? /- Item: `(\w+)`/.exec(message)?.[1];
}

function isEndless(reply: ScriptedReply): boolean {
  return reply.kind === 'silence' || (reply.kind === 'answer' && reply.breaks === 'stall');
}

/** Whether the session's files show that it waits for (the rest of) the reply; Claude Code writes them a while later. */
async function isNoted(world: World, session: string, reply: ScriptedReply): Promise<boolean> {
  const stream = await textOf(world, 'stream', session);
  const transcripts = await textOf(world, 'transcripts', session);
  const subagents = await textOf(world, 'subagents', session);
  if (subagents !== '') return /"type":"user"[^\n]*\n*$/.test(subagents);
  const hasAsked = stream.split('"status":"requesting"').length === 3;
  const hasBegun = stream.includes('Leaves fall');
  return transcripts.includes('"tool_result"') && (reply.kind === 'silence' ? hasAsked : hasBegun);
}

async function textOf(world: World, kind: keyof typeof folders, session: string): Promise<string> {
  const files = await filesOf(world, kind);
  return files
    .filter(({ name, text }) => name.includes(session) || text.includes(session))
    .map(({ text }) => text)
    .join('');
}

const folders = {
  stream: (world: World) => ({ folder: path.join(world.root, '.regen', 'runs'), end: /stream\.jsonl$/ }),
  subagents: (world: World) => ({ folder: projects(world), end: /subagents\/.*\.jsonl$/ }),
  transcripts: (world: World) => ({ folder: projects(world), end: /\.jsonl$/ }),
} as const;

function projects(world: World): string {
  return path.join(world.home, '.claude', 'projects');
}

interface File {
  readonly name: string;
  readonly text: string;
}

async function filesOf(world: World, kind: keyof typeof folders): Promise<readonly File[]> {
  const { folder, end } = folders[kind](world);
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return Promise.all(
    names
      .filter((name) => end.test(name))
      .sort()
      .map(async (name) => ({ name, text: await readFile(path.join(folder, name), 'utf8') })),
  );
}

async function accountsOf(
  world: World,
  scenarios: SceneOptions['scenarios'],
  sessions: ReadonlyMap<string, string>,
): Promise<readonly Account[]> {
  const rows = await ledgerOf(world);
  const transcripts = (await filesOf(world, 'transcripts')).flatMap(recordsOf);
  const streams = (await filesOf(world, 'stream')).flatMap(recordsOf);
  return Object.entries(scenarios).map(([item, { title, certainty }]) => ({
    ...{ title, certainty },
    bill: world.model.bill.filter(({ sessionId }) => sessions.get(sessionId ?? '') === item),
    rows: rows.filter((row) => row.item === item),
    transcripts: transcripts.filter(({ sessionId }) => sessions.get(sessionId ?? '') === item),
    streams: streams.filter(({ session_id: id }) => sessions.get(id ?? '') === item),
  }));
}

async function ledgerOf(world: World): Promise<readonly MessageRow[]> {
  const lines = ((await world.read('.regen/ledger.jsonl')) ?? '').split('\n').map(parseRow);
  return lines.flatMap((one) => (one.kind === 'row' && one.row.kind === 'message' ? [one.row] : []));
}

interface SessionRecord {
  readonly sessionId?: string;
  readonly session_id?: string;
}

function recordsOf({ text }: File): readonly SessionRecord[] {
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as SessionRecord]; // every line of both kinds of files names its session
    } catch {
      return []; // the last line of a killed process
    }
  });
}
