/** The agent's program and its login. No secret is read: that it is there is all that is looked at. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { missing, ok, warning } from './finding.js';
import type { Finding } from './finding.js';
import type { Site, Tools } from './site.js';
import { findVersion, formatVersion, isAtLeast } from './version.js';

/** Older ones lack flags that a run needs. */
const oldestClaude = [2, 1];
const newestTested = [2, 1, 197];

export async function examineClaude(tools: Tools, site: Site, signal: AbortSignal): Promise<Finding> {
  const surroundings = { ...site.outside, root: site.root ?? site.cwd };
  const told = await tools.agentVersion(surroundings, site.settings, signal);
  return judgeVersion(told, site.settings.agent.command.join(' '));
}

/** @param told - what `--version` says. */
export function judgeVersion(told: string, command: string): Finding {
  const version = findVersion(told);
  if (version === null || !isAtLeast(version, oldestClaude)) {
    return missing(
      `${command} is version ${told}`,
      `Install Claude Code ${formatVersion(oldestClaude)} or newer, or set agent.command in regen.yaml.`,
    );
  }
  const seen = `${command}, version ${told}`;
  const newest = formatVersion(newestTested);
  if (!isAtLeast(version, newestTested) || told === newest) return ok(seen);
  // What is measured of one minor version has so far held for its patches.
  if (isAtLeast(oldestClaude, version.slice(0, 2))) return ok(`${seen}; the newest tested is ${newest}`);
  return warning(
    `${seen}; the newest tested is ${newest}`,
    `If runs end strangely, try Claude Code ${newest}.`,
  );
}

export async function examineLogin({ settings, outside, platform }: Site): Promise<Finding> {
  const { endpoint } = settings.agent;
  if (endpoint !== undefined) return ok(`not needed: agent.endpoint is ${endpoint}`);
  const variable = loginVariables.find((name) => (outside.env[name] ?? '') !== '');
  if (variable !== undefined) return ok(`${variable} is set`);
  const file = credentialsFile(outside.env);
  if (file !== null && (await hasContent(file))) return ok(`${file} is there`);
  const mend = 'Run claude and /login, or set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN.';
  if (platform === 'darwin')
    return warning('no login seen; the keychain, where it may be, is not read', mend);
  return missing(`no login: no variable such as ANTHROPIC_API_KEY, and no ${file ?? 'home folder'}`, mend);
}

/** Any one of these is a login, or chooses a cloud that has its own. */
const loginVariables = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'CLAUDE_CODE_USE_BEDROCK',
  'CLAUDE_CODE_USE_VERTEX',
  'CLAUDE_CODE_USE_FOUNDRY',
  'CLAUDE_CODE_USE_MANTLE',
  'CLAUDE_CODE_USE_ANTHROPIC_AWS',
];

function credentialsFile(env: Site['outside']['env']): string | null {
  const home = env['HOME'] ?? '';
  const folder = env['CLAUDE_CONFIG_DIR'] ?? (home === '' ? null : path.join(home, '.claude'));
  return folder === null ? null : path.join(folder, '.credentials.json');
}

async function hasContent(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  return found !== null && found.isFile() && found.size > 0;
}
