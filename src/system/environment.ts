/** The environment of children, from allowlists: what isn't named here or in the config stays with us. */

type Environment = Readonly<Record<string, string | undefined>>;

/** Names, and prefixes written with a trailing `*`. */
const base = ['PATH', 'LANG', 'LANGUAGE', 'LC_*', 'TZ', 'TERM', 'TMPDIR', 'USER', 'LOGNAME', 'SHELL'];

/**
 * What Claude Code's documentation names for login and network (its pages on environment variables, network
 * configuration, Bedrock, Vertex and Foundry), with the variables that the clouds' own credential chains read.
 */
const claudeCode = [
  // login
  'HOME',
  'CLAUDE_CONFIG_DIR',
  'CLAUDE_SECURESTORAGE_CONFIG_DIR',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'CLAUDE_CODE_OAUTH_REFRESH_TOKEN',
  'CLAUDE_CODE_OAUTH_SCOPES',
  'CLAUDE_CODE_OAUTH_CLIENT_ID',
  'CLAUDE_CODE_API_KEY_HELPER_TTL_MS',
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'ANTHROPIC_BASE_URL',
  'ANTHROPIC_UNIX_SOCKET',
  'ANTHROPIC_CUSTOM_HEADERS',
  'ANTHROPIC_BETAS',
  'ANTHROPIC_PROFILE',
  'ANTHROPIC_CONFIG_DIR',
  'ANTHROPIC_ORGANIZATION_ID',
  'ANTHROPIC_WORKSPACE_ID',
  'ANTHROPIC_SERVICE_ACCOUNT_ID',
  'ANTHROPIC_FEDERATION_RULE_ID',
  'ANTHROPIC_IDENTITY_TOKEN',
  'ANTHROPIC_IDENTITY_TOKEN_FILE',
  // which model a name stands for
  'ANTHROPIC_MODEL',
  'ANTHROPIC_SMALL_FAST_MODEL*',
  'ANTHROPIC_DEFAULT_*',
  'ANTHROPIC_CUSTOM_MODEL_OPTION*',
  'CLAUDE_CODE_SUBAGENT_MODEL',
  // other providers
  'CLAUDE_CODE_USE_BEDROCK',
  'CLAUDE_CODE_USE_MANTLE',
  'CLAUDE_CODE_USE_ANTHROPIC_AWS',
  'CLAUDE_CODE_USE_VERTEX',
  'CLAUDE_CODE_USE_FOUNDRY',
  'CLAUDE_CODE_SKIP_BEDROCK_AUTH',
  'CLAUDE_CODE_SKIP_MANTLE_AUTH',
  'CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH',
  'CLAUDE_CODE_SKIP_VERTEX_AUTH',
  'CLAUDE_CODE_SKIP_FOUNDRY_AUTH',
  'ANTHROPIC_AWS_*',
  'ANTHROPIC_BEDROCK_*',
  'ANTHROPIC_VERTEX_*',
  'ANTHROPIC_FOUNDRY_*',
  'AWS_*',
  'GOOGLE_*',
  'GCLOUD_PROJECT',
  'CLOUDSDK_CONFIG',
  'CLOUD_ML_REGION',
  'VERTEX_REGION_*',
  'GCE_METADATA_*',
  'METADATA_SERVER_DETECTION',
  'AZURE_*',
  'IDENTITY_ENDPOINT',
  'IDENTITY_HEADER',
  'MSI_ENDPOINT',
  'MSI_SECRET',
  // network
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'CLAUDE_CODE_PROXY_RESOLVES_HOSTS',
  'NODE_EXTRA_CA_CERTS',
  'NODE_USE_SYSTEM_CA',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'CLAUDE_CODE_CERT_STORE',
  'CLAUDE_CODE_CLIENT_CERT',
  'CLAUDE_CODE_CLIENT_KEY',
  'CLAUDE_CODE_CLIENT_KEY_PASSPHRASE',
  'API_TIMEOUT_MS',
  'CLAUDE_CODE_MAX_RETRIES',
];

/**
 * Never handed on, not even when a config names it: the forge's tokens, what git hooks set (it would point the child at
 * our repository or carry credentials), and the marks of a Claude Code session that regen itself runs in.
 */
const never = [
  'GITHUB_TOKEN',
  'GH_TOKEN',
  'GITHUB_ENTERPRISE_TOKEN',
  'GH_ENTERPRISE_TOKEN',
  'GIT_*',
  'CLAUDECODE',
  'CLAUDE_CODE_SESSION_ID',
  'CLAUDE_CODE_ENTRYPOINT',
  'CLAUDE_CODE_SSE_PORT',
  'REGEN_RUN_TOKEN', // lets a step pass the run lock of the `regen run` that started it
];

/** The agent's environment: base, login and network, `names` from the config, and `settings` over all of it. */
export function agentEnvironment(
  env: Environment,
  own: { readonly names: readonly string[]; readonly settings: Readonly<Record<string, string>> },
): Record<string, string> {
  return { ...pick(env, [...base, ...claudeCode, ...own.names]), ...own.settings };
}

/**
 * The environment of set-up, checks and publishing: nothing to log in anywhere with, unless the config names it.
 * HOME is `home`, a scratch folder, unless the config names HOME.
 */
export function checkEnvironment(
  env: Environment,
  own: {
    readonly names: readonly string[];
    readonly home: string;
    readonly settings?: Readonly<Record<string, string>>;
  },
): Record<string, string> {
  return { HOME: own.home, ...pick(env, [...base, ...own.names]), ...own.settings };
}

/** What the config names and may be handed on, without the rest. */
export function namedEnvironment(env: Environment, names: readonly string[]): Record<string, string> {
  return pick(env, names);
}

function pick(env: Environment, allowed: readonly string[]): Record<string, string> {
  const isAllowed = matcher(allowed);
  const isForbidden = matcher(never);
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value !== undefined && isAllowed(name) && !isForbidden(name) ? [[name, value]] : [],
    ),
  );
}

function matcher(patterns: readonly string[]): (name: string) => boolean {
  const names = new Set(patterns.filter((pattern) => !pattern.endsWith('*')));
  const prefixes = patterns.filter((pattern) => pattern.endsWith('*')).map((pattern) => pattern.slice(0, -1));
  return (name) => names.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
}
