/** The part of the composition root for `mcp`: an attempt's tools, each with the effects it needs, and the control tools. */
import path from 'node:path';
import { createLookup } from './mcp/previous-results.js';
import { controlTools } from './mcp/control.js';
import { definitions } from './mcp/definitions.js';
import { createRunChecks } from './mcp/run-checks.js';
import { createSaveReport } from './mcp/save-report.js';
import { createStyleRules } from './mcp/style-rules.js';
import type { Document } from './mcp/style-rules.js';
import type { Tool } from './mcp/tool.js';
import { serverVariables, usefulTools } from './model/agent-tools.js';
import type { AgentTool } from './model/agent-tools.js';
import { reportsFolder } from './model/attempt.js';
import { RegenError } from './model/errors.js';
import { compileGlob } from './model/glob.js';
import type { PastAttempt } from './model/past-work.js';
import type { Surroundings } from './model/surroundings.js';
import { createJournals } from './step/journal-files.js';
import type { Journals } from './step/journal-files.js';
import type { Journal } from './step/journal.js';
import { pastAttempt } from './step/past-work.js';
import type { Planner } from './step/decide-plan.js';
import { hiddenFiles } from './step/stages/place.js';
import { prepared } from './step/stages/prepare.js';
import { runChild } from './system/child.js';
import { createMask } from './system/mask.js';
import { checkBench } from './wire-run-checks.js';
import { wirePlanner } from './wire.js';

/** What the tools of one attempt work with. */
interface Bench extends Planner {
  readonly journals: Journals;
  readonly journal: Journal;
  /** The worktree, absolute. */
  readonly cwd: string;
}

/**
 * The tools of the attempt that the environment names. It is looked up when it is first needed: which tools there are
 * depends on the config alone, so that a request can be measured without an attempt.
 *
 * @throws RegenError `usage` when it names none: without an attempt there is nothing to check and nothing to look up.
 */
export async function wireAgentTools(outside: Omit<Surroundings, 'root'>): Promise<readonly Tool[]> {
  const { env } = outside;
  const root = env[serverVariables.root];
  const uuid = env[serverVariables.attempt];
  if (root === undefined || uuid === undefined) throw startedByHand();
  const planner = await wirePlanner({ ...outside, root }, env[serverVariables.config]);
  let opened: Promise<Bench> | null = null;
  return usefulTools(planner.config.agent.mcp, planner.config.checks).map((name) => {
    let made: Promise<Tool> | null = null;
    return {
      definition: definitions[name],
      async call(input, signal) {
        opened ??= openBench(planner, uuid);
        made ??= opened.then(makers[name]);
        return (await made).call(input, signal);
      },
    };
  });
}

async function openBench(planner: Planner, uuid: string): Promise<Bench> {
  const { surroundings } = planner;
  const journals = createJournals(surroundings);
  const journal = (await journals.unfinished()).find(({ attempt }) => attempt.uuid === uuid);
  if (journal === undefined) {
    throw new RegenError('usage', `no open attempt is ${uuid} (${serverVariables.attempt})`, {
      hint: 'The server works for one attempt and ends with it; a later one starts a server of its own.',
    });
  }
  const cwd = path.resolve(surroundings.root, prepared({ journal }).worktree);
  return { ...planner, journals, journal, cwd };
}

function startedByHand(): RegenError {
  const names = `${serverVariables.root} and ${serverVariables.attempt}`;
  return new RegenError('usage', `regen mcp is started by a step's agent, with ${names} in its environment`, {
    hint: 'For a client of your own: regen mcp --control',
  });
}

const makers: Readonly<Record<AgentTool, (bench: Bench) => Tool>> = {
  run_checks: (bench) => createRunChecks(checkBench(bench)),
  save_report: ({ journal, surroundings }) =>
    createSaveReport({ folder: reportsFolder(journal.attempt), mask: createMask(surroundings.env) }),
  lookup_previous_results: (bench) =>
    createLookup({
      item: bench.journal.attempt.item,
      isIsolated: bench.config.items.isolate,
      attempts: (item, signal) => attemptsAt(bench, item, signal),
      log: (item) => logOf(bench, item),
    }),
  search_style_rules: (bench) => createStyleRules((signal) => references(bench, signal)),
};

async function attemptsAt(
  { config, journal: { attempt }, journals, stations }: Bench,
  item: string,
  signal: AbortSignal,
): Promise<readonly PastAttempt[] | null> {
  if (item !== attempt.item) {
    const items = await stations.picker.ids(stations.workspace.tree(attempt.base), attempt.target, signal);
    if (config.items.isolate || !items.includes(item)) return null;
  }
  const found = await journals.ofItem({ target: attempt.target, item });
  return found
    .map((journal) => pastAttempt(journal, attempt.uuid))
    .toSorted((left, right) => Date.parse(left.at) - Date.parse(right.at));
}

async function logOf({ journal: { attempt }, stations }: Bench, item: string): Promise<readonly string[]> {
  const plan = await stations.plans.read();
  if (plan?.target !== attempt.target) return [];
  return plan.log.filter((entry) => entry.item === item).map(({ text }) => text);
}

/** Of the pinned base, as every other text that an agent is given; what isolation hides stays hidden. */
async function references(
  { config, journal: { attempt }, stations }: Bench,
  signal: AbortSignal,
): Promise<readonly Document[]> {
  const tree = stations.workspace.tree(attempt.base);
  const paths = (await tree.entries(signal)).map((entry) => entry.path);
  const bound = { target: attempt.target, item: attempt.item };
  const globs = config.prompt.references.map((source) => compileGlob(source, bound));
  const hidden = new Set(await hiddenFiles({ attempt, config, stations }, signal));
  const wanted = paths.filter((name) => !hidden.has(name) && globs.some((glob) => glob.match(name) !== null));
  const documents: Document[] = [];
  const take = (name: string, content: Buffer | null): void => {
    if (content !== null && !content.includes(0))
      documents.push({ path: name, text: content.toString('utf8') });
  };
  await tree.read(wanted, take, signal);
  return documents;
}

/** Longer than what `regen` itself grants its agent between SIGINT and SIGKILL. */
const graceMs = 15_000;

export interface ControlPlace {
  readonly root: string;
  /** The command line's file, absolute, and the flags that every call gets. */
  readonly cli: string;
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A call is a child process: what it prints can't get into the protocol, and a step that dies takes nobody with it. */
export function wireControlTools({ root, cli, flags, env }: ControlPlace): readonly Tool[] {
  const whole = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  return controlTools(async (args, signal) => {
    const { end, stdout, stderr } = await runChild(
      {
        command: [process.execPath, cli, ...flags, ...args],
        cwd: root,
        env: whole,
        stopSignal: 'SIGINT',
        graceMs,
      },
      signal,
    );
    return { exit: end.kind === 'exited' ? end.code : null, stdout, stderr };
  });
}
