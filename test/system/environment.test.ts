import { describe, expect, it } from 'vitest';
import { agentEnvironment, checkEnvironment } from '../../src/system/environment.js';

const outside = {
  PATH: '/bin',
  HOME: '/home/me',
  LANG: 'C.UTF-8',
  LC_ALL: 'C',
  TZ: 'UTC',
  UNSET: undefined,
  ANTHROPIC_API_KEY: 'key',
  ANTHROPIC_DEFAULT_SONNET_MODEL: 'sonnet-x',
  CLAUDE_CONFIG_DIR: '/home/me/.claude',
  CLAUDE_CODE_OAUTH_TOKEN: 'oauth',
  CLAUDE_CODE_USE_BEDROCK: '1',
  AWS_PROFILE: 'work',
  GOOGLE_APPLICATION_CREDENTIALS: '/adc.json',
  AZURE_TENANT_ID: 'tenant',
  https_proxy: 'http://proxy:3128',
  NODE_EXTRA_CA_CERTS: '/ca.pem',
  CLAUDECODE: '1',
  CLAUDE_CODE_SESSION_ID: 'outer',
  GITHUB_TOKEN: 'forge',
  GH_TOKEN: 'forge',
  GIT_DIR: '/elsewhere/.git',
  NPM_TOKEN: 'npm',
  UV_CACHE_DIR: '/cache',
  VSCODE_PID: '1',
};

describe('agentEnvironment', () => {
  it('hands on what login and network need, the configured names, and the settings over all', () => {
    const env = agentEnvironment(outside, {
      names: ['UV_CACHE_DIR', 'UNSET', 'MISSING'],
      settings: { DISABLE_AUTOUPDATER: '1', TZ: 'Asia/Tokyo' },
    });

    expect(env).toEqual({
      PATH: '/bin',
      HOME: '/home/me',
      LANG: 'C.UTF-8',
      LC_ALL: 'C',
      TZ: 'Asia/Tokyo',
      ANTHROPIC_API_KEY: 'key',
      ANTHROPIC_DEFAULT_SONNET_MODEL: 'sonnet-x',
      CLAUDE_CONFIG_DIR: '/home/me/.claude',
      CLAUDE_CODE_OAUTH_TOKEN: 'oauth',
      CLAUDE_CODE_USE_BEDROCK: '1',
      AWS_PROFILE: 'work',
      GOOGLE_APPLICATION_CREDENTIALS: '/adc.json',
      AZURE_TENANT_ID: 'tenant',
      https_proxy: 'http://proxy:3128',
      NODE_EXTRA_CA_CERTS: '/ca.pem',
      UV_CACHE_DIR: '/cache',
      DISABLE_AUTOUPDATER: '1',
    });
  });

  it('never hands on the forge token, git’s variables or an outer session, even when they are named', () => {
    const names = ['GITHUB_TOKEN', 'GH_TOKEN', 'GIT_DIR', 'CLAUDECODE', 'CLAUDE_CODE_SESSION_ID'];

    const env = agentEnvironment(outside, { names, settings: {} });

    expect(names.filter((name) => name in env)).toEqual([]);
  });
});

describe('checkEnvironment', () => {
  it('holds the base, a scratch home and nothing to log in with', () => {
    const env = checkEnvironment(outside, {
      names: ['UV_CACHE_DIR'],
      home: '/scratch',
      settings: { REGEN_ITEM: 'a' },
    });

    expect(env).toEqual({
      PATH: '/bin',
      HOME: '/scratch',
      LANG: 'C.UTF-8',
      LC_ALL: 'C',
      TZ: 'UTC',
      UV_CACHE_DIR: '/cache',
      REGEN_ITEM: 'a',
    });
  });

  it('keeps the real home when the config names it', () => {
    const env = checkEnvironment({ HOME: '/home/me' }, { names: ['HOME'], home: '/scratch' });

    expect(env).toEqual({ HOME: '/home/me' });
  });
});
