/** The secrets that the environment holds, and the ways in which one may be written down. Pure. */
import { Buffer } from 'node:buffer';

export interface Secret {
  /** The variable's name. */
  readonly name: string;
  readonly value: string;
}

/**
 * The values of variables that are named like secrets. One of several lines counts as one secret a line: logs and files
 * are looked through line by line.
 */
export function secretsOf(env: Readonly<Record<string, string | undefined>>): readonly Secret[] {
  return Object.entries(env)
    .filter(([name]) => secretName.test(name) && !placeName.test(name))
    .flatMap(([name, value]) => (value ?? '').split(/\r?\n/).map((line) => ({ name, value: line.trim() })))
    .filter(({ value }) => value.length >= shortestSecret && !armour.test(value));
}

const secretName = /TOKEN|KEY|SECRET|PASSWORD|PASSWD|PASSPHRASE|_(?:PAT|PWD|AUTH)$/i;

/** `SSH_KEY_FILE` names a place, and logs are full of places; `GIT_CONFIG_KEY_0` names a setting. */
const placeName = /(?:FILE|PATH|DIR|URL)$|^GIT_CONFIG_KEY_\d+$/i;

/** Shorter values are words like `1` or `true`: masking them would garble every log and hide nothing. */
const shortestSecret = 8;

/** The first and the last line of a key in PEM are the same in every key. */
const armour = /^-----(?:BEGIN|END) [A-Z ]+-----$/;

/** The value as it is, in a URL, in JSON, and in base64 (either alphabet), wherever in the encoded text it stands. */
export function spellingsOf(value: string): readonly string[] {
  const url = encodeURIComponent(value);
  const lowerUrl = url.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
  const json = JSON.stringify(value).slice(1, -1);
  return [...new Set([value, url, lowerUrl, json, ...base64Spellings(value)])];
}

/** What base64 makes of the value depends on how many bytes stand before it, and its ends on their neighbours. */
function base64Spellings(value: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value, 'utf8')]);
    const start = Math.ceil((before * 8) / 6);
    const end = Math.floor((bytes.length * 8) / 6);
    return [bytes.toString('base64'), bytes.toString('base64url')].map((text) => text.slice(start, end));
  });
}
