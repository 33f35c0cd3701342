/** A file's bytes as text. Pure. */

/** `foreign`: no UTF-8 text, which couldn't be written back as it was. */
export type FileContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'foreign' };

/** null: there is no such file. */
export function fileContent(bytes: Uint8Array | null): FileContent {
  if (bytes === null) return { kind: 'missing' };
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { kind: 'foreign' };
  }
}
