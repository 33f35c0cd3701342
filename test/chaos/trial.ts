/** One trial: a fresh world, a course of disturbances, and what holds afterwards. */
import { mkdtemp, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Course } from './course.js';
import { follow } from './course.js';
import { examine } from './invariants.js';
import type { Program } from './program.js';
import { makeScene } from './scene.js';
import type { Scene } from './scene.js';

export interface Trial {
  /** Its row in the table. */
  readonly group: string;
  /** What `--only` takes, with the seed all that a replay needs. */
  readonly id: string;
  course(): Course;
}

export interface TrialResult {
  readonly group: string;
  readonly id: string;
  readonly violations: readonly string[];
  readonly kills: number;
  readonly faults: number;
  readonly invocations: number;
  readonly billed: number;
  readonly exact: number;
  readonly estimated: number;
  readonly unbooked: number;
  readonly ms: number;
  /** Where a broken world is kept. */
  readonly kept: string | null;
  readonly events: readonly string[];
  readonly invocationMs: readonly number[];
}

export async function runTrial(program: Program, trial: Trial): Promise<TrialResult> {
  const startedAt = performance.now();
  const course = trial.course();
  await using scene = await makeScene(program, course.variant);
  const onTheWay = await follow(scene, course).catch((error: unknown) => [
    `the suite broke: ${String(error)}`,
  ]);
  const { violations: atTheEnd, books } = await examine(scene, course).catch((error: unknown) => ({
    violations: [
      `the suite broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    ],
    books: { billed: 0, exact: 0, estimated: 0, unbooked: 0 },
  }));
  const violations = [...onTheWay, ...atTheEnd];
  const { billed, exact, estimated, unbooked } = books;
  return {
    group: trial.group,
    id: trial.id,
    violations,
    kills: scene.invocations.filter(({ wasKilled }) => wasKilled).length,
    faults: (await course.faults?.(scene)) ?? 0,
    invocations: scene.invocations.length,
    ...{ billed, exact, estimated, unbooked },
    ms: Math.round(performance.now() - startedAt),
    events: await scene.events(),
    invocationMs: scene.invocations.map((one) => one.endedAt.getTime() - one.startedAt.getTime()),
    kept: violations.length === 0 ? null : await keep(scene),
  };
}

/** Moves the broken world aside, with a log of what was invoked. */
async function keep(scene: Scene): Promise<string> {
  const folder = path.join(await mkdtemp(path.join(tmpdir(), 'regen-chaos-kept-')), 'world');
  const log = scene.invocations.map(
    ({ args, startedAt, exitCode, wasKilled, outcome, reason, stderr }) =>
      `${startedAt.toISOString()} regen ${args.slice(1).join(' ')} → ${wasKilled ? 'killed' : String(exitCode)} ${outcome ?? ''} ${reason}\n${stderr}`,
  );
  await writeFile(path.join(scene.folder, 'invocations.log'), log.join('\n'));
  const requests = scene.forge.requests.map(
    ({ at, method, path: route, body }) =>
      `${new Date(at).toISOString()} ${method} ${route} ${JSON.stringify(body)}`,
  );
  await writeFile(path.join(scene.folder, 'forge.log'), requests.join('\n'));
  const bill = scene.model.bill.map((entry) => JSON.stringify(entry));
  await writeFile(path.join(scene.folder, 'bill.log'), bill.join('\n'));
  await rename(scene.folder, folder);
  return folder;
}
