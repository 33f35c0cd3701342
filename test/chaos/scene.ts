/** The small real world of one trial: repository, bare remote, forge, model, and regen to be run in it. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ScriptedReply } from '../../src/demo/model/reply.js';
import type { ScriptedRequest } from '../../src/demo/model/request.js';
import { startScriptedModel } from '../../src/demo/model/server.js';
import type { ScriptedModel } from '../../src/demo/model/server.js';
import { parsePlan } from '../../src/plan/parse-plan.js';
import type { Plan } from '../../src/model/plan.js';
import { claudeEnv, claudePath } from '../support/claude.js';
import { startForge } from '../support/forge.js';
import type { TestForge } from '../support/forge.js';
import { gitEnvironment, makeRepository, writeFiles } from '../support/git-repo.js';
import type { TestRepository } from '../support/git-repo.js';
import type { Orders } from './orders.js';
import { descendantsOf, killProcess } from './processes.js';
import type { Program } from './program.js';
import type { Variant } from './variants.js';

/** Which processes a kill from outside hits. */
export type Whom = 'self' | 'group' | 'tree';

export interface Invocation {
  readonly args: readonly string[];
  readonly startedAt: Date;
  readonly endedAt: Date;
  /** null when it was killed. */
  readonly exitCode: number | null;
  readonly wasKilled: boolean;
  readonly stderr: string;
  /** The step's document, where there is one. */
  readonly outcome: string | null;
  readonly retryAt: Date | null;
  readonly reason: string;
}

export interface Killing {
  readonly afterMs: number;
  readonly whom: Whom;
}

export interface InvocationWish {
  readonly args?: readonly string[];
  readonly orders?: Omit<Orders, 'log'> | null;
  readonly kill?: Killing | null;
  readonly env?: Readonly<Record<string, string>>;
}

/** What the author or judge is about to be asked; an answer replaces the script's. */
export type Interposed = (request: ScriptedRequest) => Promise<ScriptedReply | null>;

export interface Scene extends AsyncDisposable {
  readonly variant: Variant;
  readonly repository: TestRepository;
  readonly root: string;
  /** Everything of the trial lies below it. */
  readonly folder: string;
  readonly home: string;
  readonly forge: TestForge;
  readonly model: ScriptedModel;
  readonly invocations: readonly Invocation[];
  /** Whether this build knows `--no-wait-state`. */
  readonly canSkipWaits: boolean;
  /** What the agent's environment shouldn't have had. */
  readonly leaks: readonly string[];
  /** Every event so far, in order; only of invocations that had orders. */
  events(): Promise<readonly string[]>;
  /** How many writes were made to fail. */
  failedWrites(): Promise<number>;
  invoke(wish: InvocationWish): Promise<Invocation>;
  interpose(by: Interposed | null): void;
  plan(): Promise<Plan | null>;
  /** As a person does who wants no more of it. */
  dropPlan(): Promise<void>;
  archived(): Promise<readonly string[]>;
}

export async function makeScene(program: Program, variant: Variant): Promise<Scene> {
  const repository = await makeRepository({ files: variant.files });
  const { root } = repository;
  const folder = path.dirname(root);
  const home = path.join(folder, 'home');
  await mkdir(home);
  await writeFiles(root, { 'regen.yaml': variant.config });
  let interposed: Interposed | null = null;
  const script = variant.script();
  const { batchOptions } = variant.worker ?? {};
  const model = await startScriptedModel({
    script: async (request) => (await interposed?.(request)) ?? script(request),
    now: () => new Date(),
    newId: randomUUID,
    ...(batchOptions === undefined ? {} : { batches: batchOptions }),
  });
  const forge = await startForge({ owner: 'o', repo: 'r', remote: repository.remote });
  const invocations: Invocation[] = [];
  const leaks: string[] = [];
  const log = path.join(folder, 'events');
  const env = {
    ...gitEnvironment(),
    ...claudeEnv(home, model.url),
    PATH: `${path.dirname(claudePath)}${path.delimiter}${process.env['PATH'] ?? ''}`,
    GITHUB_TOKEN: forge.token,
    GITHUB_API_URL: forge.apiUrl,
    REGEN_CHAOS_TRIAL: folder,
  };
  return {
    variant,
    repository,
    root,
    folder,
    home,
    forge,
    model,
    invocations,
    canSkipWaits: program.canSkipWaits,
    leaks,
    events: async () => lines(await readFile(log, 'utf8').catch(() => '')),
    failedWrites: async () => lines(await readFile(`${log}.failed`, 'utf8').catch(() => '')).length,
    interpose: (by) => (interposed = by),
    async invoke(wish) {
      const orders = wish.orders === null || wish.orders === undefined ? null : { log, ...wish.orders };
      const invocation = await runProgram(
        [program.cli, ...(wish.args ?? ['--json'])],
        { cwd: root, env: { ...env, ...program.env(orders), ...wish.env } },
        { kill: wish.kill ?? null, leaks },
      );
      invocations.push(invocation);
      return invocation;
    },
    dropPlan: () => rm(path.join(root, '.regen-plan.md')),
    plan: async () => {
      const text = await readFile(path.join(root, '.regen-plan.md'), 'utf8').catch(() => null);
      return text === null ? null : parsePlan(text, { headings: ['Items'] });
    },
    archived: () => readdir(path.join(root, '.regen-history')).catch(() => []),
    async [Symbol.asyncDispose]() {
      await forge.stop();
      await model.close();
      await repository.cleanup();
    },
  };
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

async function runProgram(
  argv: readonly string[],
  place: Place,
  { kill, leaks }: { readonly kill: Killing | null; readonly leaks: string[] },
): Promise<Invocation> {
  const startedAt = new Date();
  // A process group of its own, as a shell or cron gives it one.
  const child = spawn(process.execPath, [...argv], {
    ...place,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>; // as documented
  const closed = once(child, 'close');
  if (kill !== null && child.pid !== undefined) {
    const isRunning = await Promise.race([exited.then(() => false), delay(kill.afterMs, true)]);
    if (isRunning) await strike(child.pid, kill.whom, leaks);
  }
  const [exitCode, signal] = await exited;
  // A child that it left behind may hold the pipes open.
  await Promise.race([closed, delay(signal === null ? 2000 : 20, undefined, { ref: false })]);
  child.stdout.destroy();
  child.stderr.destroy();
  const document = parseDocument(stdout);
  return {
    args: argv.slice(1),
    startedAt,
    endedAt: new Date(),
    exitCode,
    wasKilled: signal === 'SIGKILL',
    stderr,
    ...document,
  };
}

async function strike(pid: number, whom: Whom, leaks: string[]): Promise<void> {
  const below = await descendantsOf(pid);
  for (const { environ, command } of below) {
    // git and what it starts gets our whole environment; the agent and the checks must not.
    // So has, for an instant, what was forked and not yet made another program.
    if (command === '' || /^(?:\S*sh -c )?(?:\S*\/)?git\b|\/dist\/cli\.js/.test(command)) continue;
    if (/(?:^|\0)(?:NODE_OPTIONS|REGEN_CHAOS\w*|GITHUB_TOKEN)=/.test(environ))
      leaks.push(command.slice(0, 120));
  }
  if (whom === 'group') killProcess(-pid);
  else killProcess(pid);
  if (whom !== 'tree') return;
  for (const one of below) killProcess(one.pid);
}

function parseDocument(text: string): Pick<Invocation, 'outcome' | 'retryAt' | 'reason'> {
  try {
    const document = JSON.parse(text) as Record<string, unknown>; // read field by field below
    const { outcome, retryAt, reason, error } = document;
    return {
      outcome: typeof outcome === 'string' ? outcome : null,
      retryAt: typeof retryAt === 'string' ? new Date(retryAt) : null,
      reason: typeof reason === 'string' ? reason : error === undefined ? '' : JSON.stringify(error),
    };
  } catch {
    return { outcome: null, retryAt: null, reason: '' };
  }
}
