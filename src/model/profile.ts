/**
 * What `regen profile` finds: where the tokens of sessions went, and what would have saved them. The shape of its
 * `--json`. null always means that the files don't tell it, never nothing. Tokens are whole numbers, durations are
 * milliseconds, instants ISO 8601, money US dollars by the price table.
 */

export interface Profile {
  /** What was asked for, as it was found. */
  readonly subject: string;
  readonly sessions: readonly ProfiledSession[];
  /** By stage, in the order of their first sessions; empty when regen did not make the sessions. */
  readonly steps: readonly ProfiledStep[];
  readonly totals: ProfiledUsage;
  readonly counting: Counting;
  /** The dearest first. A request can be part of several findings: they don't add up. */
  readonly findings: readonly Finding[];
  /** How many there are, whatever `--top` leaves out. */
  readonly findingsInAll: number;
  /** What the files don't tell, and what was passed over, a sentence each. */
  readonly unknown: readonly string[];
}

/** What messages of the model used, each counted once. */
export interface ProfiledUsage {
  readonly requests: number;
  readonly input: number;
  /** null: a stream without partial messages has placeholders in its place. */
  readonly output: number | null;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  /** null when a model has no price, or when the output isn't known. */
  readonly costUsd: number | null;
  /** The largest prompt. */
  readonly peakContext: number;
  readonly meanContext: number;
  /** From the first record to the last; of several sessions the sum. */
  readonly durationMs: number | null;
  readonly toolCalls: number;
  readonly subagents: number;
}

export interface ProfiledSession extends ProfiledUsage {
  readonly session: string;
  readonly files: readonly string[];
  readonly source: SessionSource;
  /** null: not made by regen. */
  readonly step: SessionStep | null;
  readonly models: readonly string[];
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** What Claude Code's own result events say; null where there is none, as in every transcript. */
  readonly reported: ReportedRuns | null;
  readonly counting: Counting;
  readonly messages: MessageKinds;
  readonly threads: readonly ProfiledThread[];
  /** By tool, what was carried most first. */
  readonly tools: readonly ToolResults[];
  readonly testRuns: readonly ProfiledTestRun[];
  readonly edited: readonly EditedFile[];
}

/** Claude Code's own record of a session, or what `--output-format stream-json` printed. */
export type SessionSource = 'transcript' | 'stream';

/** Where regen ran the session. */
export interface SessionStep {
  readonly target: string;
  readonly item: string;
  readonly attempt: number;
  readonly stage: string;
  /** Repairs and improvements count up from 0. */
  readonly rounds: readonly number[];
}

/** Claude Code's own sums, subagents included. */
export interface ReportedRuns {
  readonly runs: number;
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly costUsd: number | null;
}

export interface ProfiledStep extends ProfiledUsage {
  readonly stage: string;
  readonly sessions: number;
}

/** What a reader gets who adds up records, beside what was billed: a message is written as one record per content block. */
export interface Counting {
  readonly perRecord: Counted;
  readonly perMessage: Counted;
  /** Prompt tokens per record over those per message; null without messages. */
  readonly factor: number | null;
}

export interface Counted {
  /** What is taken for "API calls". */
  readonly requests: number;
  /** What is taken for "non-tool turns". */
  readonly withoutTool: number;
  readonly input: number;
  readonly output: number | null;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** Messages by what they hold. */
export interface MessageKinds {
  readonly withTools: number;
  /** Text, or text and thinking, and no tool call. */
  readonly textOnly: number;
  readonly thinkingOnly: number;
  readonly empty: number;
  /** Of those without a tool call: how many the model itself went on from to one that has some. */
  readonly beforeTool: number;
}

/** One conversation: the session's own, or a subagent's. */
export interface ProfiledThread {
  /** null: the session's own. */
  readonly agent: string | null;
  readonly requests: number;
  readonly firstContext: number;
  readonly lastContext: number;
  readonly peakContext: number;
  readonly compactions: number;
  /** At most 40 prompts' sizes, evenly spread over the requests. */
  readonly curve: readonly number[];
  /** Only with `--json`. */
  readonly perRequest?: readonly ProfiledRequest[];
}

export interface ProfiledRequest {
  /** 1-based, within the thread. */
  readonly n: number;
  readonly message: string;
  readonly at: string | null;
  readonly model: string;
  /** The whole prompt, cached or not. */
  readonly context: number;
  readonly input: number;
  readonly output: number | null;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly calls: readonly ProfiledCall[];
}

/** A tool call, and what its result puts into every later prompt. */
export interface ProfiledCall {
  readonly tool: string;
  /** File or command, cut short. */
  readonly what: string;
  readonly characters: number;
  /** From the characters, by the measured growth of the next prompt. */
  readonly tokens: number;
  /** How many later requests carry it, until the thread ends or is compacted. */
  readonly requests: number;
  readonly isError: boolean;
}

/** What the results of a tool came to. */
export interface ToolResults {
  readonly tool: string;
  readonly calls: number;
  readonly errors: number;
  /** That they put into the next prompts. */
  readonly tokens: number;
  /** The same, times the later requests that sent them. */
  readonly carriedTokens: number;
}

export interface ProfiledTestRun {
  readonly thread: string | null;
  readonly request: number;
  readonly framework: string;
  readonly command: string;
  /** `aborted`: no test ran. `unknown`: the output doesn't tell. */
  readonly outcome: TestOutcome;
  readonly passed: number | null;
  readonly failed: number | null;
  /** Whether the command names tests; null: only the tool knows. */
  readonly isTargeted: boolean | null;
  /** The same tests failed in the run before. */
  readonly failsAgain: boolean;
  /** No tool that could have changed anything was called since the run before. */
  readonly isUnchanged: boolean;
  /** Why it was aborted, or the first failing tests. */
  readonly detail: string | null;
  readonly durationMs: number | null;
  readonly tokens: number;
  /** Tokens times the later requests that carry them. */
  readonly carriedTokens: number;
}

export type TestOutcome = 'passed' | 'failed' | 'aborted' | 'unknown';

export interface EditedFile {
  readonly file: string;
  readonly edits: number;
  /** Messages that hold them. */
  readonly messages: number;
  readonly reads: number;
}

/** What a rule found in all the sessions. */
export interface Finding {
  readonly id: string;
  /** Of the investigation that the rules were learnt from; null: not in it. */
  readonly rule: string | null;
  readonly title: string;
  /** How many of what the title says. */
  readonly count: number;
  /** Prompt tokens that following the recommendation would have spared. */
  readonly tokens: number;
  readonly costUsd: number | null;
  readonly recommendation: string;
  /** The dearest first. */
  readonly places: readonly Place[];
}

/** Where it was found. */
export interface Place {
  readonly session: string;
  /** null: the session's own conversation. */
  readonly thread: string | null;
  /** 1-based numbers within the thread. */
  readonly requests: readonly number[];
  readonly what: string;
  readonly count: number;
  readonly tokens: number;
  readonly costUsd: number | null;
}
