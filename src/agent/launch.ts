/** How Claude Code is started. Pure: the same for a run and for whoever wants to show it. */
import type { AgentRun } from '../model/agent.js';
import type { AgentConfig, Config } from '../model/config.js';
import { agentEnvironment } from '../system/environment.js';
import { outputEnvironment } from './run-settings.js';

type CacheMode = Config['cache']['mode'];

export interface LaunchFacts {
  readonly agent: AgentConfig;
  readonly cache: CacheMode;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly attempt: string;
  readonly sessionId: string;
  readonly resume: boolean;
  readonly model: string;
  readonly maxUsd: number | null;
  readonly schema: Readonly<Record<string, unknown>> | null;
  readonly readOnly?: AgentRun['readOnly'] | undefined;
  /** The file that holds the prefix, absolute. */
  readonly prefixFile: string;
  /** Where Claude Code writes what it did, absolute. */
  readonly diagnosticsFile: string;
  /** `--mcp-config` and `--settings`, absolute; left out: the run gets neither, see run-settings.ts. */
  readonly serversFile?: string | undefined;
  readonly settingsFile?: string | undefined;
}

export interface Launch {
  /** What follows agent.command. */
  readonly args: readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The arguments and the environment of one run.
 *
 * Permissions, as measured: `acceptEdits` lets the file tools read and write inside the working directory and nowhere
 * else (links are followed first), and lets Bash read and do the plainest file commands there (`ls`, `git show`, `mkdir`,
 * `rm`); any other command, and any other tool, is denied unless a rule of agent.allow names it. Three things get out: an
 * absolute pattern of Glob lists names, `<` gives a command a file from anywhere, and git tells all of its history. A bare
 * `Bash` rule allows every command, everywhere.
 */
export function planLaunch(given: LaunchFacts): Launch {
  const facts = given.readOnly === undefined ? given : { ...given, agent: onlyReading(given.agent) };
  return {
    args: [...indispensable(facts), ...profileArgs(facts)],
    env: agentEnvironment(withoutOtherProviders(facts), {
      names: facts.agent.env,
      settings: settingsOf(facts),
    }),
  };
}

/** Ours alone and next to nothing: what the author's run is allowed is not this one's. */
function onlyReading(agent: AgentConfig): AgentConfig {
  return { ...agent, profile: 'lean', tools: ['Read'], allow: [], mcp: [] };
}

/** What every profile needs for us to follow the run, limit it and go on with it. */
function indispensable(facts: LaunchFacts): string[] {
  const { agent, maxUsd, model, resume, schema, sessionId, readOnly } = facts;
  return [
    ...['-p', '--output-format', 'stream-json', '--verbose', '--include-partial-messages'],
    ...['--model', model],
    ...[resume ? '--resume' : '--session-id', sessionId],
    ...['--max-turns', String(agent.maxTurns)],
    ...(maxUsd === null ? [] : ['--max-budget-usd', String(maxUsd)]),
    ...(schema === null ? [] : ['--json-schema', JSON.stringify(schema)]),
    ...(readOnly?.folders ?? []).flatMap((folder) => ['--add-dir', folder]),
    ...(facts.serversFile === undefined ? [] : ['--mcp-config', facts.serversFile]),
    ...(facts.settingsFile === undefined ? [] : ['--settings', facts.settingsFile]),
  ];
}

function profileArgs({ agent, prefixFile }: LaunchFacts): string[] {
  switch (agent.profile) {
    case 'lean':
      // Our prompt alone, a few tools, nobody's settings: 3,000 tokens where the default has 19,000, and a prefix that
      // another worktree's session reads from the cache.
      return [
        ...['--system-prompt-file', prefixFile],
        ...['--setting-sources', '', '--disable-slash-commands'],
        ...toolArgs(agent),
      ];
    case 'standard':
      // Claude Code's own prompt with ours after it, CLAUDE.md and the user's settings; what differs between worktrees
      // moves out of the system prompt, so that this prefix is shared as well.
      return [
        ...['--append-system-prompt-file', prefixFile, '--exclude-dynamic-system-prompt-sections'],
        ...['--setting-sources', 'user,project'],
        ...toolArgs(agent),
      ];
    case 'custom':
      // Tools and permissions are what agent.command says.
      return ['--append-system-prompt-file', prefixFile];
  }
}

function toolArgs({ allow, tools }: AgentConfig): string[] {
  const rules = allow.filter((rule) => !reachesAnywhere.has(rule));
  return [
    ...['--tools', tools.join(',')],
    ...['--permission-mode', 'acceptEdits', '--strict-mcp-config'],
    ...(rules.length === 0 ? [] : ['--allowedTools', ...rules]),
  ];
}

/**
 * As bare rules these would open files outside of the worktree, where the user's checkout has the items that isolation
 * hides; inside of it `acceptEdits` allows them anyway. `Read(//folder/**)` opens a folder.
 */
const reachesAnywhere: ReadonlySet<string> = new Set([
  ...['Edit', 'Write', 'MultiEdit', 'NotebookEdit'],
  ...['Read', 'Grep', 'Glob', 'LS', 'NotebookRead'],
]);

/** Tries after a failed request when the environment doesn't say: half a minute. The binary's own 10 take three. */
const defaultRetries = '6';

function settingsOf(facts: LaunchFacts): Record<string, string> {
  return {
    ...{ CLAUDE_CODE_MAX_RETRIES: facts.env['CLAUDE_CODE_MAX_RETRIES'] ?? defaultRetries },
    REGEN_ATTEMPT: facts.attempt, // what a later sweep knows the run's processes by
    CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: '1', // one of them would keep a finished run alive
    DISABLE_AUTOUPDATER: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    CLAUDE_CODE_DIAGNOSTICS_FILE: facts.diagnosticsFile, // nothing else tells that a subagent's stream broke off
    ...(facts.agent.profile === 'custom' ? {} : reproducible),
    ...(facts.agent.profile === 'lean' ? terse : {}),
    ...outputEnvironment(facts.agent),
    // Else a server that isn't there within two seconds is gone without.
    ...(facts.serversFile === undefined ? {} : { MCP_CONNECTION_NONBLOCKING: '0' }),
    ...cacheSettings[facts.cache],
    ...endpointSettings(facts),
  };
}

/** Drops from the prompt what varies between runs. Memory would leak from one item into the next. */
const reproducible = {
  CLAUDE_CODE_ATTRIBUTION_HEADER: '0',
  CLAUDE_CODE_DISABLE_GIT_INSTRUCTIONS: '1',
  CLAUDE_CODE_DISABLE_AUTO_MEMORY: '1',
};

/** Tools are told about in half the bytes, whatever the model: 5.3 KB instead of 10.5 for the usual four and Sonnet. */
const terse = { CLAUDE_CODE_SIMPLE_SYSTEM_PROMPT: '1' };

const cacheSettings: Readonly<Record<CacheMode, Readonly<Record<string, string>>>> = {
  auto: {}, // Claude Code's own choice
  '5m': { FORCE_PROMPT_CACHING_5M: '1' },
  '1h': { ENABLE_PROMPT_CACHING_1H: '1' },
  off: { DISABLE_PROMPT_CACHING: '1' },
};

function endpointSettings({ agent, env, model }: LaunchFacts): Record<string, string> {
  if (agent.endpoint === undefined) return {};
  const hasKey = Boolean(env['ANTHROPIC_API_KEY'] ?? env['ANTHROPIC_AUTH_TOKEN']);
  return {
    ANTHROPIC_BASE_URL: agent.endpoint,
    ...(hasKey ? {} : { ANTHROPIC_API_KEY: 'none' }), // a local server asks for none, but the binary does
    // The binary's small jobs would ask for a model that a local server doesn't have.
    ANTHROPIC_DEFAULT_HAIKU_MODEL: env['ANTHROPIC_DEFAULT_HAIKU_MODEL'] ?? model,
  };
}

/** With an endpoint of its own, a run mustn't go to a cloud instead, nor carry a subscription's token there. */
function withoutOtherProviders({ agent, env }: LaunchFacts): LaunchFacts['env'] {
  if (agent.endpoint === undefined) return env;
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !name.startsWith('CLAUDE_CODE_USE_') && !name.startsWith('CLAUDE_CODE_OAUTH_'),
    ),
  );
}
