/** Builds a session out of its records, one after the other: by message, not by record. */
import type { SessionSource } from '../model/profile.js';
import { addAssistant, addStreamEvent } from './assistant.js';
import { charactersWithin } from './blocks.js';
import { newBook, ownIds, threadOf } from './book.js';
import type { Book, OpenThread } from './book.js';
import { hashOf } from './hash.js';
import { fieldsOf, instantOf, listOf, textOf } from './json.js';
import type { Fields } from './json.js';
import { createReported } from './reported.js';
import type { Session } from './session.js';
import { createThreadKeys } from './thread-keys.js';
import { addUser } from './user.js';

export interface Collector {
  /**
   * For the records of one file, in its order.
   *
   * @param agent - the subagent whose file it is; null: the session's own.
   */
  file(agent: string | null): (record: Fields) => void;
  /** How many records so far are of a kind that only sessions have. */
  recognised(): number;
  finish(): Collected;
}

/** What the records tell. */
export interface Collected extends Pick<
  Session,
  'threads' | 'perRecord' | 'reported' | 'reportedMs' | 'firstAt' | 'lastAt'
> {
  /** The id that the records give; null when none does. */
  readonly session: string | null;
  readonly source: SessionSource;
  readonly copied: number;
  readonly synthetic: number;
}

/** @param known - ids of messages that sessions read before this one have; those of this one are added. */
export function createCollector(known: Set<string>): Collector {
  const book = newBook(known);
  const reported = createReported();
  const keys = createThreadKeys();
  return {
    file(agent) {
      const report = reported.run();
      return (record) => {
        if (record['type'] === 'result') report(record);
        addRecord(book, record, threadOf(book, agent ?? keys.of(record)));
      };
    },
    recognised: () => book.recognised,
    finish() {
      for (const id of ownIds(book)) known.add(id);
      return {
        session: book.session,
        source: book.isStream ? 'stream' : 'transcript',
        threads: [...book.threads.values()].filter(({ requests }) => requests.length > 0),
        perRecord: book.perRecord,
        ...reported.sums(),
        firstAt: book.firstAt,
        lastAt: book.lastAt,
        copied: book.copied.size,
        synthetic: book.synthetic,
      };
    },
  };
}

function addRecord(book: Book, record: Fields, thread: OpenThread): void {
  const at = instantOf(record['timestamp']);
  see(book, record, at);
  switch (record['type']) {
    case 'assistant':
      addAssistant(book, record, thread, at);
      break;
    case 'user':
      addUser(book, record, thread, at);
      break;
    case 'attachment':
      thread.otherCharacters += charactersWithin(record['attachment']);
      break;
    case 'stream_event':
      addStreamEvent(book, record, thread);
      break;
    case 'system':
      addSystem(book, record, thread);
      break;
    default:
  }
  thread.lastAt = at ?? thread.lastAt;
}

/** What any record may tell. */
function see(book: Book, record: Fields, at: number | null): void {
  const session = textOf(record['session_id']) ?? textOf(record['sessionId']);
  if (session !== null) book.recognised += 1;
  book.session ??= session;
  book.cwd ??= textOf(record['cwd']);
  if (record['session_id'] !== undefined) book.isStream = true;
  const version = textOf(record['version']);
  if (version !== null) book.setup = version;
  if (at === null) return;
  book.firstAt = Math.min(book.firstAt ?? at, at);
  book.lastAt = Math.max(book.lastAt ?? at, at);
}

function addSystem(book: Book, record: Fields, thread: OpenThread): void {
  if (record['subtype'] === 'compact_boundary') thread.follows = 'compaction';
  if (record['subtype'] !== 'init') return;
  thread.follows = 'prompt'; // a run of its own: what was asked isn't in the stream
  book.setup = setupOf(record);
}

/** What the prefix depends on, as far as a stream's first event tells: the version, then the tools. */
function setupOf(init: Fields): string {
  const tools = listOf(init['tools']).join(' ');
  const servers = listOf(init['mcp_servers']).map((server) => {
    const { name, status } = fieldsOf(server);
    return `${String(name)} ${String(status)}`;
  });
  return `${textOf(init['claude_code_version']) ?? ''} ${hashOf(`${tools} ${servers.join(' ')}`)}`;
}
