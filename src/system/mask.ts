/** Hides secrets wherever text leaves: in logs, digests, messages, the plan and what is sent to the forge. */
import { secretsOf, spellingsOf } from './secrets.js';

export type Mask = (text: string) => string;

const placeholder = '***';

/**
 * Masks the values of the environment's secrets, by the names of its variables, also in base64, in a URL and in JSON,
 * and whatever has the shape of a well-known credential. It works line by line: a value of several lines is masked in each of them, and a private key
 * is masked only if the text holds it whole.
 */
export function createMask(env: Readonly<Record<string, string | undefined>>): Mask {
  const known = knownSpellings(env);
  const knownPattern = known.length > 0 ? new RegExp(known.map(escapeRegExp).join('|'), 'g') : null;
  return (text) => {
    const unknown = knownPattern === null ? text : text.replace(knownPattern, placeholder);
    return shapes.reduce((masked, shape) => masked.replace(shape.pattern, shape.replacement), unknown);
  };
}

/** Longest first, so that a secret that begins with another one is masked whole. */
function knownSpellings(env: Readonly<Record<string, string | undefined>>): string[] {
  const written = secretsOf(env).flatMap(({ value }) => spellingsOf(value));
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
