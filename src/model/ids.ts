/**
 * Ids of targets and items are opaque text: tldr has pages named `.`, `[`, `[[` and `^`. Here is how they are written
 * where a bare id would mean something else.
 */
import { Buffer, isUtf8 } from 'node:buffer';

/**
 * The id as one component of a git ref, a file path or a label: every byte but `A-Z a-z 0-9 _ - . + = @ ,` is
 * percent-encoded, and so are the dots and the `@` that git or the file system would read (`.`, `..`, `x.lock`,
 * leading and trailing dots, `@` alone) and a leading dash.
 *
 * @throws RangeError when the id is empty.
 */
export function encodeId(id: string): string {
  if (id === '') throw new RangeError('an id is never empty');
  const bytes = [...Buffer.from(id, 'utf8')];
  const plain = bytes.map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : percent(byte))).join('');
  return plain
    .replace(/^[.-]/, (char) => percent(char.charCodeAt(0)))
    .replace(/\.(?=\.|$)/g, '%2E')
    .replace(/\.(?=lock$)/i, '%2E')
    .replace(/^@$/, '%40');
}

/** The inverse of {@link encodeId}; also reads what any other percent-encoder wrote. */
export function decodeId(encoded: string): string {
  return decodePercent(encoded);
}

/**
 * The id as the first word of a line of the plan: only what would end the word or the line (white space, control
 * characters) is percent-encoded, and a `%` that would read as an escape, so that nearly every id stands as it is.
 */
export function encodePlanId(id: string): string {
  return id.replace(/%(?=[0-9A-Fa-f]{2})|[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) =>
    [...Buffer.from(char, 'utf8')].map(percent).join(''),
  );
}

/** The inverse of {@link encodePlanId}. */
export function decodePlanId(word: string): string {
  return decodePercent(word);
}

function isPlain(byte: number): boolean {
  return /[A-Za-z0-9_.+=@,-]/.test(String.fromCharCode(byte));
}

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** What doesn't decode to UTF-8 is left as it stands: we never wrote it. */
function decodePercent(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => {
    const bytes = Buffer.from(run.replaceAll('%', ''), 'hex');
    return isUtf8(bytes) ? bytes.toString('utf8') : run;
  });
}
