/** What every git of ours runs with, whatever the machine, the repository's config or an agent's edits of it say. */

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Settings on the command line, which win over every file. The agent can write the shared `.git`: a planted
 * fsmonitor or hook would run with our rights. Content filters (git-lfs, autocrlf) stay on: the commit has to hold
 * what a person's checkout and commit would hold, and they come from config, whose fingerprint is compared.
 */
export const fixedSettings: readonly string[] = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  // The guard copies the index; a split or untracked-cache one would not stand alone.
  'core.splitIndex=false',
  'core.untrackedCache=false',
  'core.sparseCheckout=false',
  // Nothing of ours goes on in the background or descends into submodules.
  'gc.auto=0',
  'maintenance.auto=false',
  'submodule.recurse=false',
  // A person's taste in output, where we read it.
  'log.showSignature=false',
  'log.showRoot=true',
  'diff.autoRefreshIndex=true',
  'push.gpgSign=false',
  'i18n.commitEncoding=UTF-8',
  'worktree.useRelativePaths=false',
  // Several writers: on a busy ext4, one alone was measured to take ten times as long for 38,000 files.
  'checkout.workers=4',
];

export const fixedArguments: readonly string[] = fixedSettings.flatMap((setting) => ['-c', setting]);

/** Arguments of `diff` and `log` that have no setting to turn them off by. */
export const plainDiff: readonly string[] = [
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--no-relative',
  '-O/dev/null',
];

/** The user's own settings of identity, access and configuration; every other `GIT_*` would aim git elsewhere. */
const keptGitVariables =
  /^GIT_(AUTHOR_(NAME|EMAIL)|COMMITTER_(NAME|EMAIL)|ASKPASS|SSH|SSH_COMMAND|SSH_VARIANT|SSL_\w+|HTTP_\w+|PROXY_\w+|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)|EXEC_PATH|CEILING_DIRECTORIES)$/;

/** Only the push child sees the forge's token, and never under these names. */
const tokens = new Set(['GITHUB_TOKEN', 'GH_TOKEN']);

/** The environment of our git children: without the token, and without what a surrounding git left behind. */
export function gitEnvironment(env: Env): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || tokens.has(name)) continue;
    if (name.startsWith('GIT_') && !keptGitVariables.test(name)) continue;
    kept[name] = value;
  }
  return {
    ...kept,
    LC_ALL: 'C', // messages are read
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    // A planted refs/replace/… would show other contents under the pinned base's ids.
    GIT_NO_REPLACE_OBJECTS: '1',
  };
}

/**
 * Settings for one child by environment: unlike arguments, other users of the machine can't list them. They come behind
 * those that the environment brings in the same way.
 */
export function configVariables(
  settings: readonly (readonly [string, string])[],
  env: Env,
): Record<string, string> {
  const brought = /^\d+$/.test(env['GIT_CONFIG_COUNT'] ?? '') ? Number(env['GIT_CONFIG_COUNT']) : 0;
  const variables: Record<string, string> = { GIT_CONFIG_COUNT: String(brought + settings.length) };
  settings.forEach(([key, value], index) => {
    variables[`GIT_CONFIG_KEY_${brought + index}`] = key;
    variables[`GIT_CONFIG_VALUE_${brought + index}`] = value;
  });
  return variables;
}
