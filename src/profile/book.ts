/** The session while its records are read: what is known of it so far. */
import type { Counted } from '../model/profile.js';
import type { OpenCall } from './calls.js';
import { textOf } from './json.js';
import type { Fields } from './json.js';
import type { Follows, Request } from './session.js';
import { noTokens } from './tokens.js';

export interface Book {
  /** The id that the records give. */
  session: string | null;
  /** The session's folder, by its first record that tells one. */
  cwd: string | null;
  isStream: boolean;
  /** How many records are of a kind that only sessions have. */
  recognised: number;
  synthetic: number;
  /** What the prefix depends on. */
  setup: string;
  firstAt: number | null;
  lastAt: number | null;
  readonly perRecord: { -readonly [Key in keyof Counted]: number };
  readonly requests: Map<string, OpenRequest>;
  readonly threads: Map<string | null, OpenThread>;
  /** Calls without a result yet, by their id. */
  readonly waiting: Map<string, OpenCall>;
  /** Ids of messages that sessions read before this one have. */
  readonly known: ReadonlySet<string>;
  readonly copied: Set<string>;
  /** Hashes of the blocks so far, with their message's id: a record that is there twice counts once. */
  readonly blocks: Set<number>;
  /** One string for equal ones: models, files and commands come again and again. */
  same(text: string): string;
}

export interface OpenRequest extends Request {
  tokens: Request['tokens'];
  isOutputKnown: boolean;
  at: number | null;
  textCharacters: number;
  thinkingCharacters: number;
  hasThinking: boolean;
  calls: readonly OpenCall[];
}

export interface OpenThread {
  readonly agent: string | null;
  readonly requests: OpenRequest[];
  /** What has come since the last request. */
  otherCharacters: number;
  follows: Follows;
  lastAt: number | null;
  /** The message that is being streamed. */
  streaming: OpenRequest | null;
}

const noCalls: readonly OpenCall[] = [];

export function newBook(known: ReadonlySet<string>): Book {
  return {
    session: null,
    cwd: null,
    isStream: false,
    recognised: 0,
    synthetic: 0,
    setup: '',
    firstAt: null,
    lastAt: null,
    perRecord: { requests: 0, withoutTool: 0, input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    requests: new Map(),
    threads: new Map(),
    waiting: new Map(),
    known,
    copied: new Set(),
    blocks: new Set(),
    same: createSame(),
  };
}

/** More different texts than this are hardly the same ones. */
const mostTexts = 20_000;

function createSame(): Book['same'] {
  const texts = new Map<string, string>();
  return (text) => {
    const known = texts.get(text);
    if (known === undefined && texts.size < mostTexts) texts.set(text, text);
    return known ?? text;
  };
}

export function threadOf(book: Book, agent: string | null): OpenThread {
  const found = book.threads.get(agent);
  if (found !== undefined) return found;
  const thread: OpenThread = {
    agent,
    requests: [],
    otherCharacters: 0,
    follows: 'prompt',
    lastAt: null,
    streaming: null,
  };
  book.threads.set(agent, thread);
  return thread;
}

const anonymous = 'record ';

/** For a message that has no id: a request of its own. */
export function anonymousId(book: Book): string {
  return `${anonymous}${book.requests.size}`;
}

/** The messages by which another session's file can be known to repeat this one. */
export function* ownIds(book: Book): Generator<string> {
  for (const id of book.requests.keys()) if (!id.startsWith(anonymous)) yield id;
}

/** The message's request, made at its first record; null: another session has it. */
export function requestOf(book: Book, message: Fields, id: string, thread: OpenThread): OpenRequest | null {
  const found = book.requests.get(id);
  if (found !== undefined) return found;
  if (book.known.has(id)) {
    book.copied.add(id);
    return null;
  }
  const request: OpenRequest = {
    id,
    model: book.same(textOf(message['model']) ?? 'unknown'),
    tokens: noTokens,
    isOutputKnown: false,
    sentAt: thread.lastAt,
    at: null,
    textCharacters: 0,
    thinkingCharacters: 0,
    hasThinking: false,
    calls: noCalls,
    otherCharacters: thread.otherCharacters,
    follows: thread.follows,
    setup: book.setup,
  };
  book.requests.set(id, request);
  thread.requests.push(request);
  thread.otherCharacters = 0;
  thread.follows = 'tools';
  return request;
}
