import { describe, expect, it } from 'vitest';
import { runSettings, serverConfig } from '../../src/agent/run-settings.js';
import type { AgentConfig } from '../../src/model/config.js';
import { agentConfig } from './agent-place.js';

const programs = {
  node: '/bin/node',
  cli: '/regen/cli.js',
  hook: '/regen/it’s/hook.js',
  checkEnv: { WORD: 'plain' },
};

const factsOf = (agent: Partial<AgentConfig>) => ({
  agent: { ...agentConfig, ...agent },
  attempt: { uuid: 'uuid', directory: '/repo/.regen/runs/p/t/i/1' },
  root: '/repo',
  programs,
});

describe('the server in the agent’s configuration', () => {
  it('is told root, attempt and what the checks need, and may take as long as the run', () => {
    expect(serverConfig(factsOf({ mcp: ['run_checks'], timeout: 600_000 }))).toEqual({
      mcpServers: {
        regen: {
          ...{ type: 'stdio', command: '/bin/node', args: ['/regen/cli.js', 'mcp'] },
          env: { WORD: 'plain', REGEN_ROOT: '/repo', REGEN_ATTEMPT: 'uuid' },
          timeout: 600_000,
          alwaysLoad: true,
        },
      },
    });
  });

  it('is not there when the agent gets none of its tools', () => {
    expect(serverConfig(factsOf({}))).toBeNull();
  });
});

describe('the settings of a run', () => {
  const hook = (limit: number, ...more: readonly string[]): object => {
    const words = ['/bin/node', "'/regen/it’s/hook.js'", '/repo/.regen/runs/p/t/i/1/reports', limit, ...more];
    return { type: 'command', command: words.join(' '), timeout: 10 };
  };
  const allow = [
    'Read(//repo/.regen/runs/p/t/i/1/reports/**)',
    'Read(//repo/.regen/runs/p/t/i/1/run-checks/**)',
  ];

  it('have hooks for the tools that there are, and no others', () => {
    expect(runSettings(factsOf({}))).toEqual({
      permissions: { allow },
      hooks: { PreToolUse: [{ matcher: 'Read', hooks: [hook(16_000)] }], PostToolUse: [] },
    });
    expect(runSettings(factsOf({ tools: ['Task', 'Grep'], mcp: ['save_report'], toolOutput: 4000 }))).toEqual(
      {
        permissions: { allow: ['mcp__regen__save_report', ...allow] },
        hooks: {
          PreToolUse: [{ matcher: 'Agent|Task', hooks: [hook(4000, 'save_report')] }],
          PostToolUse: [{ matcher: 'Agent|Task|Grep', hooks: [hook(4000, 'save_report')] }],
        },
      },
    );
  });

  it('are none where there is nothing to set', () => {
    expect(runSettings(factsOf({ tools: ['Write'] }))).toBeNull();
    expect(runSettings({ ...factsOf({}), programs: { ...programs, hook: null } })).toBeNull();
  });

  it('leave the custom profile alone, unless asked', () => {
    expect(runSettings(factsOf({ profile: 'custom' }))).toBeNull();
    expect(runSettings(factsOf({ profile: 'custom', mcp: ['run_checks'] }))).toEqual({
      permissions: { allow: ['mcp__regen__run_checks', ...allow] },
    });
    expect(runSettings(factsOf({ profile: 'custom', toolOutput: 9000 }))).toMatchObject({
      hooks: { PreToolUse: [{ matcher: 'Agent|Task|Read' }], PostToolUse: [{ matcher: 'Agent|Task|Grep' }] },
    });
  });
});
