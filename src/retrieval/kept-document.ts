/** The form of a kept document: JSON, vectors as base64 of 32-bit floats, little-endian as every machine that Node runs on. Pure. */
import { Buffer } from 'node:buffer';
import * as z from 'zod';
import type { Passage } from '../model/passages.js';

export interface KeptDocument {
  readonly passages: readonly Passage[];
  /** A vector per passage, by the model that made them. */
  readonly vectors: ReadonlyMap<string, readonly Float32Array[]>;
}

const keptSchema = z.object({
  version: z.literal(1),
  chunks: z.array(z.object({ headings: z.array(z.string()), text: z.string().min(1) })),
  vectors: z.record(z.string(), z.array(z.base64())),
});

export function keptText({ passages, vectors }: KeptDocument): string {
  const chunks = passages.map(({ headings, text }) => ({ headings, text }));
  const encoded = [...vectors].map(([key, own]) => [key, own.map(encode)] as const);
  return JSON.stringify({ version: 1, chunks, vectors: Object.fromEntries(encoded) });
}

/** null: damaged, or of another version. Vectors that don't fit the chunks are left out. */
export function readKept(text: string, path: string): KeptDocument | null {
  const parsed = keptSchema.safeParse(jsonOf(text));
  if (!parsed.success) return null;
  const { chunks, vectors } = parsed.data;
  const whole = Object.entries(vectors).flatMap(([key, encoded]) => {
    const own = encoded.map(decode);
    const isWhole = own.length === chunks.length && own.every((vector) => isLike(vector, own[0]));
    return isWhole ? [[key, own] as const] : [];
  });
  return { passages: chunks.map((chunk) => ({ path, ...chunk })), vectors: new Map(whole) };
}

function encode(vector: Float32Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64');
}

/** Copied: a Buffer's bytes seldom begin where floats may. What is no whole number of floats comes out empty. */
function decode(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length % 4 === 0 ? new Float32Array(new Uint8Array(bytes).buffer) : new Float32Array();
}

function isLike(vector: Float32Array, first: Float32Array | undefined): boolean {
  return vector.length > 0 && vector.length === first?.length && vector.every(Number.isFinite);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
