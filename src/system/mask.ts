/** Hides secrets wherever text leaves a child process: in logs, digests and messages. */

export type Mask = (text: string) => string;

const placeholder = '***';

/**
 * Masks the values of the environment's secrets, by the names of its variables, and whatever has the shape of a
 * well-known credential. It works line by line: a value of several lines is masked in each of them, and a private key
 * is masked only if the text holds it whole.
 */
export function createMask(env: Readonly<Record<string, string | undefined>>): Mask {
  const known = secretValues(env);
  const knownPattern = known.length > 0 ? new RegExp(known.map(escapeRegExp).join('|'), 'g') : null;
  return (text) => {
    const unknown = knownPattern === null ? text : text.replace(knownPattern, placeholder);
    return shapes.reduce((masked, shape) => masked.replace(shape.pattern, shape.replacement), unknown);
  };
}

const secretName = /TOKEN|KEY|SECRET|PASSWORD|PASSWD/i;

/** `SSH_KEY_FILE` names a place, and logs are full of places. */
const placeName = /(?:FILE|PATH|DIR|URL)$/i;

/** Shorter values are words like `1` or `true`: masking them would garble every log and hide nothing. */
const shortestSecret = 8;

/** Longest first, so that a secret that begins with another one is masked whole. */
function secretValues(env: Readonly<Record<string, string | undefined>>): string[] {
  const values = Object.entries(env)
    .filter(([name]) => secretName.test(name) && !placeName.test(name))
    .flatMap(([, value]) => (value ?? '').split(/\r?\n/))
    .map((line) => line.trim())
    .filter((line) => line.length >= shortestSecret);
  const written = values.flatMap((value) => [value, encodeURIComponent(value)]);
  return [...new Set(written)].sort((left, right) => right.length - left.length);
}

interface Shape {
  readonly pattern: RegExp;
  readonly replacement: string;
}

const shapes: readonly Shape[] = [
  whole(/\bgh[pousr]_[A-Za-z0-9]{20,}/g),
  whole(/\bgithub_pat_[A-Za-z0-9_]{20,}/g),
  whole(/\bglpat-[A-Za-z0-9_-]{20,}/g),
  whole(/\bsk-[A-Za-z0-9_-]{20,}/g),
  whole(/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g),
  whole(/\bAIza[A-Za-z0-9_-]{35}/g),
  whole(/\bxox[abeprs]-[A-Za-z0-9-]{10,}/g),
  whole(/\bnpm_[A-Za-z0-9]{36}\b/g),
  whole(/\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g), // a JSON Web Token
  { pattern: /\b(Bearer|Basic) [A-Za-z0-9._~+/=-]{16,}/gi, replacement: `$1 ${placeholder}` },
  { pattern: /(:\/\/[^\s:/@]*:)[^\s:/@]+@/g, replacement: `$1${placeholder}@` },
  {
    pattern: /(-----BEGIN [A-Z ]*PRIVATE KEY-----)[\s\S]*?(?=-----END)/g,
    replacement: `$1\n${placeholder}\n`,
  },
];

function whole(pattern: RegExp): Shape {
  return { pattern, replacement: placeholder };
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
