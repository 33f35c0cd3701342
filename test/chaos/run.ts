/** `npm run chaos`: kills and faults by the hundred, a table of what came of them, exit status 1 on any violation. */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { faultNamed, faultTrial } from './faults.js';
import { boundaryKill, killOn, randomKills, undisturbed } from './kills.js';
import type { Boundary, StepLengths } from './kills.js';
import { pinProgram } from './program.js';
import type { Program } from './program.js';
import { writeReport } from './report.js';
import { tableOf } from './table.js';
import { runTrial } from './trial.js';
import type { Trial, TrialResult } from './trial.js';
import { audited, judgedSingle, single, variants } from './variants.js';
import type { Variant } from './variants.js';
import { batch, bisected, givenUp, perPack, perTarget, workerVariants } from './worker-variants.js';

const allBoundaries: readonly Boundary[] = [
  { variant: single, whom: 'self', isTorn: false },
  { variant: judgedSingle, whom: 'tree', isTorn: true },
  { variant: audited, whom: 'tree', isTorn: false },
  { variant: perTarget, whom: 'self', isTorn: true },
  { variant: perPack, whom: 'tree', isTorn: false },
  { variant: batch, whom: 'self', isTorn: true },
  { variant: bisected, whom: 'tree', isTorn: false },
  { variant: givenUp, whom: 'self', isTorn: true },
];

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    faults: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(Math.min(2, cpus().length)) },
    only: { type: 'string' },
    of: { type: 'string', default: '' }, // the variants whose names begin like that
    dist: { type: 'string' }, // another build than this checkout's
    report: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const isWanted = ({ name }: Variant): boolean => name.startsWith(values.of);
const killed = [...variants, ...workerVariants].filter(isWanted);
const boundaries = allBoundaries.filter(({ variant }) => isWanted(variant));
const startedAt = performance.now();

// Ctrl-C: what is under way comes to its end, and the table tells of that.
let isStopped = false;
process.once('SIGINT', () => (isStopped = true));

await using program = await pinProgram(values.dist);
const results: TrialResult[] = [];
// Only a kill at random is drawn from the lengths of steps.
const lengths = values.only?.startsWith('kill/') === false ? new Map<string, never>() : await measure();
if (values.only === undefined) await runAll();
else await run(trialNamed(values.only));
const minutes = (performance.now() - startedAt) / 60_000;
const table = tableOf(results);
say(`\n${table}\n\nseed ${seed}, ${minutes.toFixed(1)} min`);
const broken = results.filter(({ violations }) => violations.length > 0);
for (const { id, violations, kept } of broken) {
  say(`\n${id}: npm run chaos -- --seed ${seed} --only ${id}\n  kept in ${kept ?? 'nothing'}`);
  violations.forEach((violation) => {
    say(`  - ${violation}`);
  });
}
if (values.report) {
  const command = `npm run chaos -- --kills ${values.kills} --faults ${values.faults} --seed ${seed}`;
  await writeReport({ table, command, minutes });
}
process.exitCode = broken.length > 0 ? 1 : 0;

/** An undisturbed cycle of each variant: how long its steps take, and how many effects it has. */
async function measure(): Promise<StepLengths> {
  const measured = new Map<string, readonly number[]>();
  for (const variant of new Set([...killed, ...boundaries.map((boundary) => boundary.variant)])) {
    const result = await run(undisturbed(variant));
    measured.set(variant.name, result.invocationMs);
  }
  return measured;
}

async function runAll(): Promise<void> {
  const kills = Number(values.kills);
  await inParallel(boundaryTrials(kills / 2));
  await inParallel(randomTrials(kills));
  await inParallel(faultTrials(Number(values.faults)));
}

/** All boundaries, or as many as asked for, evenly spread. */
function* boundaryTrials(most: number): Generator<Trial> {
  const all = boundaries.flatMap((boundary) =>
    Array.from({ length: eventsOf(boundary.variant.name) }, (_, index) => boundaryKill(boundary, index + 1)),
  );
  const stride = Math.max(1, all.length / most);
  for (let at = 0; at < all.length; at += stride) {
    const trial = all[Math.floor(at)];
    if (trial !== undefined) yield trial;
  }
}

function eventsOf(name: string): number {
  return results.find(({ id }) => id === `undisturbed/${name}`)?.events.length ?? 0;
}

function* randomTrials(kills: number): Generator<Trial> {
  for (let number = 1; total('kills') < kills; number += 1) yield randomKills(seed, number, killed, lengths);
}

function* faultTrials(faults: number): Generator<Trial> {
  for (let number = 1; total('faults') < faults; number += 1) yield faultTrial(seed, number);
}

function total(what: 'kills' | 'faults'): number {
  return results.reduce((sum, result) => sum + result[what], 0);
}

function trialNamed(id: string): Trial {
  const [kind, number, way, at] = id.split('/');
  if (kind === 'kill') return randomKills(seed, Number(number), killed, lengths);
  if (kind === 'on')
    return killOn(id.slice('on/'.length), killed.find(({ name }) => name === values.of) ?? single);
  if (kind === 'fault') return faultNamed(seed, id.slice('fault/'.length));
  const boundary = boundaries.find(
    (one) =>
      one.variant.name.replace(' ', '-') === number && `${one.whom}${one.isTorn ? '-torn' : ''}` === way,
  );
  if (boundary === undefined) throw new Error(`there is no trial ${id}`);
  return boundaryKill(boundary, Number(at));
}

async function inParallel(trials: Generator<Trial>): Promise<void> {
  const work = async (): Promise<void> => {
    for (let next = trials.next(); next.done !== true && !isStopped; next = trials.next())
      await run(next.value);
  };
  await Promise.all(Array.from({ length: Number(values.workers) }, work));
}

async function run(trial: Trial, pinned: Program = program): Promise<TrialResult> {
  const result = await runTrial(pinned, trial);
  results.push(result);
  const trouble = result.violations.length === 0 ? 'ok' : result.violations.join('; ').slice(0, 300);
  say(
    `${result.id}: ${result.kills} kills, ${result.faults} faults, ${result.invocations} invocations, ${(result.ms / 1000).toFixed(1)} s: ${trouble}`,
  );
  return result;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
