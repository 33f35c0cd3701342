/** One real request of a step, sent to ourselves: the agent as it is configured, an endpoint of ours on loopback. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BaseTree } from './model/base-tree.js';
import type { Config } from './model/config.js';
import { RegenError } from './model/errors.js';
import type { WireReport } from './model/prompt-wire-report.js';
import type { Ttl } from './model/cache-mode.js';
import type { PackPrompt, Prompt } from './model/prompt.js';
import type { Surroundings } from './model/surroundings.js';
import { makeScratch } from './system/temporaries.js';
import { agentParts } from './wire-agent.js';

export interface MeasuredStep {
  readonly target: string;
  readonly item: string;
  readonly tree: BaseTree;
  readonly prompt: Prompt;
  /** `--config`; left out: regen.yaml. */
  readonly configFile: string | undefined;
}

/** Nothing of it leaves the machine, and no login takes part. */
export async function measureRequest(
  surroundings: Surroundings,
  config: Config,
  step: MeasuredStep,
  signal: AbortSignal,
): Promise<WireReport> {
  const [{ createAgent }, { startScriptedModel }, { say }, { readWire }] = await Promise.all([
    import('./agent/claude.js'),
    import('./demo/model/server.js'),
    import('./demo/model/reply.js'),
    import('./prompt/analysis/wire.js'),
  ]);
  const scratch = await makeScratch('wire');
  const model = await startScriptedModel({
    script: () => say('Measured.'),
    now: () => surroundings.now(),
    newId: () => surroundings.newId(),
  });
  try {
    const cwd = await placeFor(scratch, config, step.tree, signal);
    const place = { ...surroundings, env: loopbackEnv(surroundings.env, scratch, model.url) };
    const agent = createAgent(await agentParts(place, withEndpoint(config, model.url), step.configFile));
    const { prefix, message } = step.prompt;
    const report = await agent.run(
      {
        ...{ cwd, prefix, message, model: config.agent.model, resume: false, maxUsd: null },
        attempt: {
          ...{ target: step.target, item: step.item, plan: 'wire', number: 1, base: step.tree.sha },
          ...{ uuid: surroundings.newId(), sessionId: surroundings.newId(), directory: scratch },
        },
        directory: path.join(scratch, 'run'),
      },
      () => undefined,
      signal,
    );
    signal.throwIfAborted();
    const { main, others } = callsOf(model.requests);
    if (main === null) throw nothingSent(report.outcome);
    return readWire(main, step.prompt, others);
  } finally {
    await model.close();
    await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

export interface MeasuredPack {
  readonly target: string;
  readonly base: string;
  readonly model: string;
  readonly prompt: PackPrompt;
  readonly ttl: Ttl;
}

/** The same of the worker: a call of the API as a step makes it, but for the tools of MCP servers, which nobody starts. */
export async function measurePack(
  surroundings: Surroundings,
  config: Config,
  pack: MeasuredPack,
  signal: AbortSignal,
): Promise<WireReport> {
  const [{ createWorker }, { startScriptedModel }, { say }, { readWire }] = await Promise.all([
    import('./worker/worker.js'),
    import('./demo/model/server.js'),
    import('./demo/model/reply.js'),
    import('./prompt/analysis/wire.js'),
  ]);
  const scratch = await makeScratch('wire');
  const model = await startScriptedModel({
    script: () => say('{"results":[]}'),
    now: () => surroundings.now(),
    newId: () => surroundings.newId(),
  });
  try {
    const place = { ...surroundings, env: loopbackEnv(surroundings.env, scratch, model.url) };
    const settings = { ...config, worker: { ...config.worker, endpoint: model.url } };
    const worker = createWorker({ surroundings: place, config: settings });
    const { prefix, parts, message } = pack.prompt;
    const report = await worker.model.run(
      {
        ...{ cwd: scratch, prefix, parts, message, model: pack.model, resume: false, maxUsd: null },
        ...{ schema: worker.schema, ttl: pack.ttl, directory: path.join(scratch, 'run') },
        attempt: {
          ...{ target: pack.target, item: null, plan: 'wire', number: 1, base: pack.base },
          ...{ uuid: surroundings.newId(), sessionId: surroundings.newId(), directory: scratch },
        },
      },
      () => undefined,
      signal,
    );
    signal.throwIfAborted();
    const { main, others } = callsOf(model.requests);
    if (main === null) throw nothingSent(report.outcome);
    return readWire(main, pack.prompt, others);
  } finally {
    await model.close();
    await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

interface Recorded {
  readonly path: string;
  readonly body: Buffer;
}

/** Small requests of the binary's own may come first. */
function callsOf<Call extends Recorded>(requests: readonly Call[]) {
  const calls = requests.filter(({ path: asked }) => asked.startsWith('/v1/messages'));
  const main = calls.reduce<Call | null>(
    (largest, call) => (largest === null || call.body.length > largest.body.length ? call : largest),
    null,
  );
  return { main, others: calls.length - 1 };
}

/** Only where the config names one: it brings settings of its own. */
function withEndpoint(config: Config, url: string): Config {
  return config.agent.endpoint === undefined
    ? config
    : { ...config, agent: { ...config.agent, endpoint: url } };
}

/** What the other profiles read of a project, without a checkout; lean reads nothing. */
async function placeFor(
  scratch: string,
  config: Config,
  tree: BaseTree,
  signal: AbortSignal,
): Promise<string> {
  const cwd = path.join(scratch, 'worktree');
  await mkdir(cwd);
  if (config.agent.profile === 'lean') return cwd;
  const isGuidance = ({ path: file, mode }: { path: string; mode: string }): boolean =>
    mode.startsWith('100') && /^(?:CLAUDE(?:\.local)?\.md|\.claude\/.+)$/.test(file);
  const files = (await tree.entries(signal)).filter(isGuidance).map(({ path: file }) => file);
  const contents: [string, Buffer][] = [];
  const keep = (file: string, content: Buffer | null): void => {
    if (content !== null) contents.push([file, Buffer.from(content)]);
  };
  await tree.read(files, keep, signal);
  for (const [file, content] of contents) {
    await mkdir(path.dirname(path.join(cwd, file)), { recursive: true });
    await writeFile(path.join(cwd, file), content);
  }
  return cwd;
}

/** What a run gets of the caller's environment, less every login, every other provider and every proxy. */
function loopbackEnv(env: Surroundings['env'], scratch: string, url: string): Surroundings['env'] {
  const isLogin =
    /^(?:ANTHROPIC_(?!MODEL$|DEFAULT_|SMALL_FAST_MODEL|CUSTOM_MODEL|BETAS$)|CLAUDE_CODE_(?:OAUTH|USE|SKIP|API_KEY)|AWS_|GOOGLE_|AZURE_|GCLOUD|CLOUD)/;
  const isOutside = /^(?:https?_proxy|no_proxy)$/i;
  const kept = Object.entries(env).filter(([name]) => !isLogin.test(name) && !isOutside.test(name));
  return {
    ...Object.fromEntries(kept),
    ...{ HOME: scratch, CLAUDE_CONFIG_DIR: path.join(scratch, 'claude'), TMPDIR: scratch },
    ...{ ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: 'none' },
  };
}

function nothingSent(outcome: {
  readonly kind: string;
  readonly detail?: string;
  readonly hint?: string;
}): RegenError {
  const detail = outcome.detail === undefined ? '' : `: ${outcome.detail}`;
  return new RegenError('environment', `the agent sent no request (${outcome.kind})${detail}`, {
    hint: outcome.hint ?? 'See "regen doctor"; agent.command in regen.yaml says what is started.',
  });
}
