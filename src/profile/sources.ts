/** Which files make up a session. */
import type { SessionStep } from '../model/profile.js';

export interface SessionFiles {
  /** null: the records tell it. */
  readonly session: string | null;
  /** In the order in which they were written; subagents last. */
  readonly files: readonly SessionFile[];
  readonly step: SessionStep | null;
}

export interface SessionFile {
  /** Absolute. */
  readonly file: string;
  /** The subagent whose conversation it is; null: the session's own. */
  readonly agent: string | null;
}

/** What was asked for. */
export interface Subject {
  /** As a person would call it. */
  readonly name: string;
  readonly sessions: readonly SessionFiles[];
  /** Files of JSON lines beside them that are something else. */
  readonly others: number;
}
