/** The agent station over the real binary and a scripted model. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createAgent } from '../../src/agent/claude.js';
import type { Script } from '../../src/demo/model/conversation.js';
import type { ScriptedModel } from '../../src/demo/model/server.js';
import type { AgentReport, AgentRun } from '../../src/model/agent.js';
import type { AgentConfig, Config } from '../../src/model/config.js';
import type { ModelMessage, TokenCounts } from '../../src/model/usage.js';
import { claudeEnv, leanClaudePath, claudePlace, startModel } from '../support/claude.js';

export const agentConfig: AgentConfig = {
  command: [leanClaudePath],
  model: 'sonnet',
  tools: ['Read', 'Edit', 'Write', 'Bash'],
  allow: [],
  timeout: 30_000,
  idle: 20_000,
  maxTurns: 10,
  profile: 'lean',
  mcp: [],
  env: [],
};

export interface TestRun extends AgentReport {
  /** What `onMessage` was called with. */
  readonly booked: readonly ModelMessage[];
}

export interface TestPlace extends AsyncDisposable {
  readonly model: ScriptedModel;
  readonly home: string;
  readonly cwd: string;
  readonly agent: ReturnType<typeof createAgent>;
  /** The run that `run` makes of these changes. */
  runOf(changes?: Partial<AgentRun>): AgentRun;
  run(changes?: Partial<AgentRun>, signal?: AbortSignal): Promise<TestRun>;
}

interface PlaceOptions {
  readonly agent?: Partial<AgentConfig>;
  readonly cache?: Config['cache'];
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export async function agentPlace(script: Script, options: PlaceOptions = {}): Promise<TestPlace> {
  const place = await claudePlace();
  const model = await startModel(script);
  const config = {
    agent: { ...agentConfig, ...options.agent },
    cache: options.cache ?? { mode: 'auto' as const, models: {} },
  };
  const surroundings = {
    root: place.cwd,
    env: { ...claudeEnv(place.home, model.url), CLAUDE_CODE_MAX_RETRIES: '2', ...options.env },
    now: () => new Date(),
    newId: randomUUID,
    progress: () => undefined,
  };
  const agent = createAgent({ surroundings, config });
  const attempt = {
    target: 'spec',
    item: 'altair',
    uuid: randomUUID(),
    number: 1,
    plan: 'plan',
    base: '0'.repeat(40),
    sessionId: randomUUID(),
    directory: join(place.home, 'attempt'),
  };
  const runOf = (changes: Partial<AgentRun> = {}): AgentRun => ({
    attempt,
    cwd: place.cwd,
    prefix: prefix,
    message: 'Do the item.',
    model: 'sonnet',
    resume: false,
    directory: join(attempt.directory, 'agent-0'),
    maxUsd: null,
    ...changes,
  });
  return {
    ...{ model, home: place.home, cwd: place.cwd, agent, runOf },
    run: async (changes, signal = new AbortController().signal) => {
      const booked: ModelMessage[] = [];
      const report = await agent.run(runOf(changes), (message) => booked.push(message), signal);
      return { ...report, booked };
    },
    async [Symbol.asyncDispose]() {
      await model.close();
      await place[Symbol.asyncDispose]();
    },
  };
}

/** Long enough to be cached. */
const prefix = 'The rules of this catalog. '.repeat(300);

type Charged = { readonly id: string; readonly model: string; readonly tokens: TokenCounts };

/** What is comparable between messages and a bill. */
export function charged(entries: readonly Charged[]): readonly Charged[] {
  return entries
    .map(({ id, model, tokens }) => ({ id, model, tokens }))
    .sort((left, right) => left.id.localeCompare(right.id));
}

/** The same where the output of an answer that broke off can only be estimated. */
export function chargedInput(entries: readonly Charged[]): readonly Charged[] {
  return charged(entries).map((entry) => ({ ...entry, tokens: { ...entry.tokens, output: 0 } }));
}
