/**
 * One session of the shape that seed 000 tells of (111 messages with tool calls, 9 test runs, reports of 18 and 21 KB from
 * subagents, 22 polls), then again with each of its recommendations on top of those before.
 */
import { z } from 'zod';
import { say, sayAndUse, use } from '../../src/demo/model/reply.js';
import type { Answer, ScriptedReply, ToolCall } from '../../src/demo/model/reply.js';
import type { ScriptedRequest } from '../../src/demo/model/request.js';
import { makeWorld } from '../../test/support/world.js';
import { printTable } from '../measure.js';
import { billOf } from './bill.js';
import type { PlanBill } from './bill.js';
import { pageText, replayConfig, replayFiles, sites } from './replay-files.js';

/** What is switched on. */
interface Shape {
  /** R1: no sentence before a tool call. */
  readonly isSilent: boolean;
  /** R2: one edit for all places of a site, instead of nine calls. */
  readonly isGrouped: boolean;
  /** R3: reports go to a file. */
  readonly hasReportFiles: boolean;
  /** R4: the checks' digest instead of the runner's output. */
  readonly hasDigests: boolean;
  /** R5: the environment is seen to before: no aborted run. */
  readonly isPrepared: boolean;
  /** R6: what failed is run first: it saves time; the polls of the waits that it saves are R7's. */
  readonly isTargeted: boolean;
  /** R7: one call that waits. */
  readonly isWaiting: boolean;
}

const nothing: Shape = {
  isSilent: false,
  isGrouped: false,
  hasReportFiles: false,
  hasDigests: false,
  isPrepared: false,
  isTargeted: false,
  isWaiting: false,
};

/** The seed's own estimates, in tokens of cache_read. */
const steps: readonly { readonly name: string; readonly on: keyof Shape; readonly estimate: string }[] = [
  { name: 'R1 no narration', on: 'isSilent', estimate: '5M' },
  { name: 'R2 grouped edits', on: 'isGrouped', estimate: '3M' },
  { name: 'R3 reports to files', on: 'hasReportFiles', estimate: '500k' },
  { name: 'R4 digests', on: 'hasDigests', estimate: '500k' },
  { name: 'R5 preflight', on: 'isPrepared', estimate: '200k' },
  { name: 'R6 targeted first', on: 'isTargeted', estimate: '1M' },
  { name: 'R7 one call that waits', on: 'isWaiting', estimate: '1M' },
];

export async function replay(): Promise<void> {
  let shape = nothing;
  let last = await runOf(shape);
  const first = last;
  const rows = [
    ['', 'requests', 'read', 'saved', 'found by regen profile', 'the seed’s estimate', 'peak', 'money'],
    rowOf('as it was', last),
  ];
  for (const { name, on, estimate } of steps) {
    shape = { ...shape, [on]: true };
    const bill = await runOf(shape);
    rows.push(rowOf(`+ ${name}`, bill, { before: last, rule: name.slice(0, 2), estimate }));
    last = bill;
  }
  console.log('\nA session of seed 000’s shape, with R1 to R7 switched on one by one');
  printTable(rows);
  console.log('  R6 saves waiting, and with it polls, which are counted under R7');
  const saved = 1 - last.tokens.cacheRead / first.tokens.cacheRead;
  console.log(
    `  all together: ${(100 * saved).toFixed(0)} % fewer tokens read (the seed’s estimate: 40 to 47 %)`,
  );
}

interface Replayed extends PlanBill {
  /** Tokens that `regen profile` says each recommendation would have spared. */
  readonly found: ReadonlyMap<string, number>;
}

async function runOf(shape: Shape): Promise<Replayed> {
  await using world = await makeWorld({
    files: replayFiles,
    config: replayConfig({ isCut: shape.hasReportFiles, hasTools: shape.hasDigests }),
    script: authorOf(shape),
  });
  const plan = await world.regen(['plan', 'cli']);
  const step = await world.regen(['--json']);
  if (plan.exitCode !== 0 || step.exitCode !== 0) throw new Error(`${step.stdout}${step.stderr}`);
  const { document } = await world.regen(['profile', 'prompt', '--json']);
  const found = new Map<string, number>();
  for (const { rule, tokens } of profileDocument.parse(document).findings) {
    if (rule !== null) found.set(rule, (found.get(rule) ?? 0) + tokens);
  }
  return { ...billOf(world.model), found };
}

const profileDocument = z.object({
  findings: z.array(z.object({ rule: z.string().nullable(), tokens: z.number() })),
});

function rowOf(
  name: string,
  { requests, tokens, sessions, costUsd }: PlanBill,
  step?: { readonly before: Replayed; readonly rule: string; readonly estimate: string },
): readonly string[] {
  const peak = Math.max(...sessions.map((session) => session.peak));
  return [
    name,
    String(requests),
    thousands(tokens.cacheRead),
    step === undefined ? '' : thousands(step.before.tokens.cacheRead - tokens.cacheRead),
    step === undefined ? '' : thousands(step.before.found.get(step.rule) ?? 0),
    step?.estimate ?? '',
    thousands(peak),
    `$${costUsd.toFixed(3)}`,
  ];
}

function thousands(tokens: number): string {
  return `${(tokens / 1000).toFixed(0)}k`;
}

/** The author's messages in their order; a subagent reports at once. */
function authorOf(shape: Shape): (request: ScriptedRequest) => ScriptedReply {
  const messages = messagesOf(shape);
  return (request) => {
    const report = /^Explore part (\d)/.exec(request.firstMessage)?.[1];
    if (report !== undefined) return say(pageText(report === '1' ? 18_000 : 21_000, Number(report)));
    return messages[request.turn - 1] ?? say('All sites are migrated.');
  };
}

function messagesOf(shape: Shape): readonly Answer[] {
  const calls = [...reading, ...exploring, ...editing(shape), ...testing(shape)];
  const narrated = shape.isSilent ? 0 : 72;
  return calls.map((call, at) =>
    at < narrated ? sayAndUse(`Now I will look at step ${at + 1}: ${pageText(160, at)}`, call) : use(call),
  );
}

const reading: readonly ToolCall[] = ['PLAN.md', ...sites.slice(0, 5)].map((file) => ({
  name: 'Read',
  input: { file_path: file },
}));

const exploring: readonly ToolCall[] = [1, 2].map((part) => ({
  name: 'Agent',
  input: {
    description: `Explore part ${part}`,
    prompt: `Explore part ${part} and report.`,
    subagent_type: 'general-purpose',
  },
}));

/** Eight sites, nine calls each; or a whole-file write after a look. */
function editing({ isGrouped }: Shape): readonly ToolCall[] {
  return sites.flatMap((file, at): readonly ToolCall[] => {
    const look: ToolCall = { name: 'Read', input: { file_path: file } };
    if (isGrouped) return [look, { name: 'Write', input: { file_path: file, content: doneSite(at) } }];
    const edits = Array.from({ length: 8 }, (_, place) => ({
      name: 'Edit',
      input: { file_path: file, old_string: `input ${place}: old`, new_string: `input ${place}: new` },
    }));
    return [look, ...edits];
  });
}

function doneSite(at: number): string {
  return (replayFiles[sites[at] ?? ''] ?? '').replaceAll(': old', ': new');
}

/** Nine runs: two abort, the others fail at less and less; one of them is watched with 22 polls. */
function testing({ hasDigests, isPrepared, isTargeted, isWaiting }: Shape): readonly ToolCall[] {
  const whole: ToolCall = hasDigests
    ? { name: 'mcp__regen__run_checks', input: { again: true } }
    : { name: 'Bash', input: { command: 'node tests/suite.mjs', description: 'Run the whole suite' } };
  const poll: ToolCall = {
    name: 'Bash',
    input: { command: 'node tests/poll.mjs', description: 'See how far it is' },
  };
  const aborted = isPrepared ? [] : [whole, whole];
  // Four of the seven others had one to four failures left. Run alone they are as many calls, and as long in the context.
  const few = isTargeted ? targetedRun(hasDigests) : whole;
  const polls = Array.from({ length: isWaiting ? 0 : 22 }, () => poll);
  return [...aborted, whole, whole, few, few, few, few, ...polls, whole];
}

function targetedRun(hasDigests: boolean): ToolCall {
  return hasDigests
    ? { name: 'mcp__regen__run_checks', input: { again: true } }
    : { name: 'Bash', input: { command: 'node tests/suite.mjs --failed', description: 'Run what failed' } };
}
