/** What `regen prompt --wire` tells of the request that Claude Code sends. */

/** Bytes of one real request, as it went over the wire: those of the JSON text. */
export interface WireReport {
  /** Of the whole body. */
  readonly bytes: number;
  readonly path: string;
  readonly model: string;
  readonly maxTokens: number | null;
  readonly tools: readonly { readonly name: string; readonly bytes: number }[];
  readonly system: readonly WireBlock[];
  readonly messages: readonly (WireBlock & { readonly role: string })[];
  /** Everything else: parameters, punctuation. */
  readonly rest: number;
  readonly ours: number;
  readonly boilerplate: number;
  readonly breakpoints: readonly { readonly at: string; readonly ttl: '5m' | '1h' }[];
  readonly betas: readonly string[];
  readonly client: string | null;
  /** Whether prefix and message stand in it byte for byte. */
  readonly holds: { readonly prefix: boolean; readonly message: boolean };
  /** Requests of the run besides this one. */
  readonly otherRequests: number;
}

interface WireBlock {
  readonly bytes: number;
  /** Of them, our own text. */
  readonly ours: number;
  /** The first words of what isn't ours; '' when all of it is. */
  readonly begins: string;
}
