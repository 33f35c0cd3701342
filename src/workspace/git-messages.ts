/** Reads what git says on stderr (always in English: LC_ALL=C). Pure. */

/** Why a remote could not be used. */
export type RemoteTrouble = 'unreachable' | 'denied' | 'missing-branch' | 'missing-repository' | 'other';

const signs: readonly (readonly [RemoteTrouble, RegExp])[] = [
  ['missing-branch', /couldn't find remote ref/i],
  [
    'denied',
    /authentication failed|could not read (username|password)|terminal prompts disabled|permission denied|access denied|invalid credentials|returned error: 40[13]\b|host key verification failed|not authorized|protected branch hook declined/i,
  ],
  [
    'unreachable',
    /could not resolve (host|proxy)|temporary failure in name resolution|failed to connect|couldn't connect|connection (timed out|refused|reset|closed|was reset)|timed out|no route to host|network is (unreachable|down)|returned error: (5\d\d|429)|early eof|unexpected disconnect|hung up unexpectedly|empty reply from server|operation too slow|transfer closed|rpc failed|gnutls_handshake|ssl_(connect|read)|name or service not known/i,
  ],
  [
    'missing-repository',
    /not found|does not appear to be a git repository|does not exist|returned error: 404/i,
  ],
];

/** The first matching sign decides: a refused login also says that the remote "hung up unexpectedly". */
export function readRemoteTrouble(stderr: string): RemoteTrouble {
  return signs.find(([, sign]) => sign.test(stderr))?.[0] ?? 'other';
}

const longest = 600;

/** What a person needs of git's stderr: one line without progress, hints and prefixes; URLs without their credentials. */
export function essence(stderr: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter(
      (line) => line !== '' && !/^hint:|^(remote: )?[A-Z][a-z]+( [a-z]+)*: +\d+|^To |^From /.test(line),
    );
  const told = lines.filter((line) => /^(fatal|error|remote|ssh)\b/.test(line));
  const text = (told.length > 0 ? told : lines)
    .map((line) => withoutCredentials(line.replace(/^(fatal|error): /, '')))
    .join('; ');
  if (text === '') return 'git gave no reason';
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** The text with whatever stands before the @ of a URL masked. */
export function withoutCredentials(text: string): string {
  return text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^/@\s]+@/gi, '$1***@');
}
