/** The whole cycle on a sample repository: plan, items, done, and the plan of the next target. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RegenError } from '../model/errors.js';
import type { ReadStep } from '../model/step-document.js';
import { readStep, type RunCli } from './cli-process.js';
import type { ForgePullRequest } from './forge.js';
import { pullRequestLines, stepLine, tokenLines } from './narrate.js';
import { withScene, type DemoScene, type DemoSurroundings } from './scene.js';
import { promptsByItem, tokensByItem, type ItemTokens } from './tokens-by-item.js';

export interface DemoRequest {
  readonly surroundings: DemoSurroundings;
  readonly runCli: RunCli;
  /** One line for a person. */
  readonly print: (line: string) => void;
  /** Leave the temporary folder behind. */
  readonly keep: boolean;
}

export interface DemoResult {
  readonly steps: readonly ReadStep[];
  /** The finished plan. */
  readonly plan: { readonly path: string; readonly text: string };
  readonly pullRequests: readonly ForgePullRequest[];
  readonly tokens: readonly ItemTokens[];
  /** The temporary folder, when it was kept. */
  readonly folder: string | null;
}

/** One plan, three items, one archive, and room for surprises. */
const maxSteps = 12;

/**
 * Runs the real command line with the real Claude Code against a scripted model and a forge on loopback.
 *
 * @throws RegenError `environment` without Claude Code or git; whatever stopped an invocation.
 */
export async function runDemo(request: DemoRequest, signal: AbortSignal): Promise<DemoResult> {
  return withScene(request.surroundings, (scene) => play(scene, request, signal), request, signal);
}

async function play(scene: DemoScene, request: DemoRequest, signal: AbortSignal): Promise<DemoResult> {
  const { print } = request;
  print(`A sample repository of 2 charts with 3 renderers each: ${scene.root}`);
  print(`Claude Code (${scene.claude}) works for a scripted model; model and forge listen on 127.0.0.1.`);
  print('');

  const steps = await runSteps(scene, request, signal);
  const result: DemoResult = {
    steps,
    plan: await archivedPlan(scene.root),
    pullRequests: await scene.forge.pullRequests(signal),
    tokens: tokensByItem(steps, scene.model),
    folder: request.keep ? scene.folder : null,
  };

  section(print, `The plan, as ${result.plan.path} keeps it`, result.plan.text.trimEnd().split('\n'));
  section(print, 'The pull requests, as the forge has them', pullRequestLines(result.pullRequests));
  section(print, 'The tokens', tokenLines(result.tokens));
  print('');
  print(result.folder === null ? 'All of it is removed again.' : `All of it is kept in ${result.folder}`);
  return result;
}

/** Up to the archive of the first target, and one more for the plan of the next. */
async function runSteps(scene: DemoScene, request: DemoRequest, signal: AbortSignal): Promise<ReadStep[]> {
  const steps: ReadStep[] = [];
  while (steps.at(-2)?.outcome !== 'archived') {
    if (steps.length === maxSteps)
      throw new RegenError('bug', `the demo wasn't done after ${maxSteps} steps`);
    const step = readStep(await request.runCli(['--json'], scene.place, signal));
    steps.push(step);
    const prompts = step.item === null ? 0 : (promptsByItem(scene.model).get(step.item) ?? 0);
    request.print(stepLine(step, prompts));
    if (step.outcome === 'waiting') throw new RegenError('wait', step.reason ?? 'the demo has to wait');
  }
  return steps;
}

async function archivedPlan(root: string): Promise<DemoResult['plan']> {
  const [name] = await readdir(join(root, '.regen-history'));
  const path = `.regen-history/${name ?? ''}`;
  return { path, text: await readFile(join(root, path), 'utf8') };
}

function section(print: (line: string) => void, title: string, lines: readonly string[]): void {
  print('');
  print(title);
  print('');
  for (const line of lines) print(line === '' ? '' : `  ${line}`);
}
