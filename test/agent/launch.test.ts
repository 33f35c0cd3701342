import { describe, expect, it } from 'vitest';
import { planLaunch } from '../../src/agent/launch.js';
import type { LaunchFacts } from '../../src/agent/launch.js';
import { agentConfig } from './agent-place.js';

function launch(changes: Partial<LaunchFacts> = {}, agent: Partial<LaunchFacts['agent']> = {}) {
  return planLaunch({
    agent: { ...agentConfig, ...agent },
    ...{ cache: 'auto', env: { PATH: '/bin', HOME: '/home/me' }, attempt: 'uuid', sessionId: 'session' },
    ...{ resume: false, model: 'sonnet', maxUsd: null, schema: null },
    ...{ prefixFile: '/run/prefix.md', diagnosticsFile: '/run/diagnostics.jsonl' },
    ...changes,
  });
}

describe('planLaunch', () => {
  it('starts a lean run with our prompt, our tools and nobody’s settings', () => {
    const { args, env } = launch(
      { maxUsd: 1.5 },
      { allow: ['Bash(uv run *)', 'Write', 'Edit', 'Read', 'Grep', 'Glob', 'WebSearch'] },
    );

    expect(args).toEqual([
      ...['-p', '--output-format', 'stream-json', '--verbose', '--include-partial-messages'],
      ...['--model', 'sonnet', '--session-id', 'session', '--max-turns', '10', '--max-budget-usd', '1.5'],
      ...['--system-prompt-file', '/run/prefix.md', '--setting-sources', '', '--disable-slash-commands'],
      ...['--tools', 'Read,Edit,Write,Bash', '--permission-mode', 'acceptEdits', '--strict-mcp-config'],
      ...['--allowedTools', 'Bash(uv run *)', 'WebSearch'],
    ]);
    expect(env).toEqual({
      PATH: '/bin',
      HOME: '/home/me',
      REGEN_ATTEMPT: 'uuid',
      CLAUDE_CODE_MAX_RETRIES: '6',
      CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: '1',
      DISABLE_AUTOUPDATER: '1',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      CLAUDE_CODE_DIAGNOSTICS_FILE: '/run/diagnostics.jsonl',
      CLAUDE_CODE_SIMPLE_SYSTEM_PROMPT: '1',
      CLAUDE_CODE_ATTRIBUTION_HEADER: '0',
      CLAUDE_CODE_DISABLE_GIT_INSTRUCTIONS: '1',
      CLAUDE_CODE_DISABLE_AUTO_MEMORY: '1',
      BASH_MAX_OUTPUT_LENGTH: '16000',
      MAX_MCP_OUTPUT_TOKENS: '4000',
    });
  });

  it('hands over the files of our own tools and hooks, and waits for the server', () => {
    const own = { serversFile: '/run/servers.json', settingsFile: '/run/settings.json' };
    const { args, env } = launch(own, { toolOutput: 8000 });

    expect(args.slice(args.indexOf('--mcp-config')).slice(0, 4)).toEqual([
      ...['--mcp-config', '/run/servers.json', '--settings', '/run/settings.json'],
    ]);
    expect(args).toContain('--strict-mcp-config');
    expect(env).toMatchObject({ MCP_CONNECTION_NONBLOCKING: '0', BASH_MAX_OUTPUT_LENGTH: '8000' });
  });

  it('cuts nothing in the custom profile, unless asked to', () => {
    const cut = (agent: Partial<LaunchFacts['agent']>) => launch({}, agent).env['BASH_MAX_OUTPUT_LENGTH'];

    expect([cut({ profile: 'custom' }), cut({ profile: 'custom', toolOutput: 5000 })]).toEqual([
      undefined,
      '5000',
    ]);
  });

  it('goes on in a session with the same flags', () => {
    const begun = launch().args;
    const resumed = launch({ resume: true }).args;

    expect(resumed).toEqual(begun.map((arg) => (arg === '--session-id' ? '--resume' : arg)));
  });

  it('asks for structured output by its schema', () => {
    const { args } = launch({ schema: { type: 'object' } });

    expect(args.slice(args.indexOf('--json-schema'))[1]).toBe('{"type":"object"}');
  });

  it.each(['lean', 'standard', 'custom'] as const)(
    'only reads when nothing else is wanted, whatever the %s profile allows',
    (profile) => {
      const { args, env } = launch(
        { readOnly: { folders: ['/runs/artifacts'] } },
        { profile, tools: ['Bash'], allow: ['Bash'] },
      );

      expect(args.slice(args.indexOf('--add-dir'))).toEqual([
        ...['--add-dir', '/runs/artifacts'],
        ...['--system-prompt-file', '/run/prefix.md', '--setting-sources', '', '--disable-slash-commands'],
        ...['--tools', 'Read', '--permission-mode', 'acceptEdits', '--strict-mcp-config'],
      ]);
      expect(env).toMatchObject({ CLAUDE_CODE_DISABLE_AUTO_MEMORY: '1' });
    },
  );

  it('appends to Claude Code’s own prompt in the standard profile', () => {
    const { args } = launch({}, { profile: 'standard' });

    expect(args).toContain('--exclude-dynamic-system-prompt-sections');
    expect(args.slice(args.indexOf('--append-system-prompt-file'))[1]).toBe('/run/prefix.md');
    expect(args).not.toContain('--system-prompt-file');
  });

  it('leaves tools and permissions of the custom profile to the command', () => {
    const { args } = launch({}, { profile: 'custom', allow: ['Bash'] });

    expect(args.filter((arg) => /tools|permission|settings|mcp/i.test(arg))).toEqual([]);
  });

  it('sets the cache’s lifetime as the config says', () => {
    expect(launch({ cache: '5m' }).env).toMatchObject({ FORCE_PROMPT_CACHING_5M: '1' });
    expect(launch({ cache: '1h' }).env).toMatchObject({ ENABLE_PROMPT_CACHING_1H: '1' });
    expect(launch({ cache: 'off' }).env).toMatchObject({ DISABLE_PROMPT_CACHING: '1' });
  });

  it('talks to an endpoint of its own with a dummy key, and takes no other login there', () => {
    const env = { CLAUDE_CODE_USE_BEDROCK: '1', CLAUDE_CODE_OAUTH_TOKEN: 'subscription' };
    const endpoint = 'http://127.0.0.1:11434';

    const { env: given } = launch({ env, model: 'qwen3' }, { endpoint });

    expect(given).toMatchObject({
      ANTHROPIC_BASE_URL: endpoint,
      ANTHROPIC_API_KEY: 'none',
      ANTHROPIC_DEFAULT_HAIKU_MODEL: 'qwen3',
    });
    expect(Object.keys(given).filter((name) => name in env)).toEqual([]);
  });

  it('keeps the key that is set for the endpoint, and the retries that the environment wants', () => {
    const env = { ANTHROPIC_AUTH_TOKEN: 'gateway', CLAUDE_CODE_MAX_RETRIES: '2' };

    const { env: given } = launch({ env }, { endpoint: 'http://127.0.0.1:4000' });

    expect(given).toMatchObject(env);
    expect(given['ANTHROPIC_API_KEY']).toBe(undefined);
  });
});
