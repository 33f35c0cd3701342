/** A session as its files tell it, by message: sizes and short excerpts, no contents. */
import type { Counted, ReportedRuns, SessionSource, SessionStep } from '../model/profile.js';
import type { TokenCounts } from '../model/usage.js';
import type { TestCommand } from './test-command.js';
import type { TestOutput } from './test-output.js';
import type { Wait } from './waiting.js';

export interface Session {
  readonly id: string;
  readonly files: readonly string[];
  readonly source: SessionSource;
  readonly step: SessionStep | null;
  readonly threads: readonly Thread[];
  /** Added up by record, as a naive reader does. */
  readonly perRecord: Counted;
  readonly reported: ReportedRuns | null;
  /** Of the records that have one. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  /** The time that result events tell, where records have no timestamps. */
  readonly reportedMs: number | null;
  readonly oddities: Oddities;
}

/** What a file holds besides whole records of this session. */
export interface Oddities {
  /** Lines that are no JSON, other than a torn last one. */
  readonly malformed: number;
  readonly torn: number;
  /** Messages that another session's file has as well: they are counted there. */
  readonly copied: number;
  /** Notices of Claude Code's own, which nobody charges for. */
  readonly synthetic: number;
}

/** One conversation. */
export interface Thread {
  /** null: the session's own; else the subagent's id, or the tool call that asked for it. */
  readonly agent: string | null;
  readonly requests: readonly Request[];
}

/** One message of the model: one request, whatever the number of its records. */
export interface Request {
  readonly id: string;
  readonly model: string;
  readonly tokens: TokenCounts;
  /** false: the output is a placeholder. */
  readonly isOutputKnown: boolean;
  /** When the last record before it was written, which is about when it was sent; epoch milliseconds. */
  readonly sentAt: number | null;
  /** When its first record was written. */
  readonly at: number | null;
  readonly textCharacters: number;
  readonly thinkingCharacters: number;
  readonly hasThinking: boolean;
  readonly calls: readonly Call[];
  /** What came into the prompt before it besides tool results: prompts, attachments; in characters. */
  readonly otherCharacters: number;
  readonly follows: Follows;
  /** Changes when the prefix must have: version, tools. */
  readonly setup: string;
}

/** What a request comes right after; `prompt`: somebody asked. */
export type Follows = 'prompt' | 'compaction' | 'tools';

export interface Call {
  readonly tool: string;
  readonly kind: CallKind;
  /** File or command, as it was written; cut short. */
  readonly what: string;
  readonly wait: Wait;
  /** Equal for looks at the same thing. */
  readonly waitKey: string;
  readonly test: TestCommand | null;
  /** What it reads or edits. */
  readonly file: string | null;
  /** Lines that a read asks for. */
  readonly range: Range | null;
  readonly result: Result | null;
}

/** `neutral`: it changes no file of the project; `other`: it may. */
export type CallKind = 'read' | 'edit' | 'subagent' | 'test' | 'setup' | 'neutral' | 'other';

/** Lines, 1-based; both ends belong to it. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface Result {
  readonly characters: number;
  readonly isError: boolean;
  readonly at: number | null;
  /** Of a test run, or of a look that shows how one ended. */
  readonly test: TestOutput | null;
  /** Of a failed set-up: the line that says why. */
  readonly why: string | null;
}
