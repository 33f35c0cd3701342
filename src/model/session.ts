/** A Claude Code session that a person or another program sits at, and that calls `regen`. */
import type { ModelMessage } from './usage.js';

/** One message of the model in a session, subagents' included. */
export interface SessionTurn {
  /** An estimate: the message isn't complete, or never will be. */
  readonly message: ModelMessage;
  readonly at: Date;
  /** The conversation that it belongs to: the main one, or a subagent's. */
  readonly thread: string;
  /** Whether it called a tool, and whether the call mentions `regen`. */
  readonly calls: 'regen' | 'something' | 'nothing';
}

/** What is known of a session. */
export interface SessionTranscript {
  /** In the order of their instants. */
  readonly turns: readonly SessionTurn[];
  /** Whether a tool call waits for its result: that of whoever asks, once it has been written down. */
  readonly hasOpenCall: boolean;
}
