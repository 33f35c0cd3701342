/** What a test run came to, as its output tells it, whatever the runner. */
import type { Excerpt } from '../excerpt.js';
import type { TestOutcome } from '../profile.js';

export interface TestReport {
  /** `pytest`, `vitest`, `go test`…; null: nothing in the output is any known runner's. */
  readonly runner: string | null;
  /** `aborted`: no test ran. `unknown`: neither the output nor the command's end tells. */
  readonly outcome: TestOutcome;
  readonly counts: TestCounts;
  /** Distinct, in the order of the output; at most 1,000, whatever `counts` says. */
  readonly failures: readonly TestFailure[];
  /** Why no test ran, or why the command failed though no test did: one line; null when tests tell it. */
  readonly abortedBy: string | null;
  /** No test ran, and a program, a package or a service is missing: not the code under test is to blame. */
  readonly isEnvironment: boolean;
  /** Something besides the tests failed in the same run: another runner's tests, a limit on coverage. null: nothing is known to. */
  readonly besides: string | null;
  /** For what no runner's reader understands. */
  readonly excerpt: Excerpt;
}

/** null: the output doesn't tell. */
export interface TestCounts {
  readonly passed: number | null;
  readonly failed: number | null;
  readonly skipped: number | null;
}

export interface TestFailure {
  /** What the runner takes to run it again: pytest's node id, `TestLegend/empty` of go, a vitest test's full name. */
  readonly name: string;
  /** What tells tests of the same name apart besides the file: go's package, cargo's binary, a class. */
  readonly suite: string | null;
  /** The name as the runner shows it. */
  readonly title: string;
  /** The test's file, or where it failed when nobody says which file it is in. */
  readonly file: string | null;
  /** The line in that file where it failed, 1-based. */
  readonly line: number | null;
  /** The lines that tell most, without frames and source; where it was thrown when that is in another file. */
  readonly message: string;
  /** A digest of what the message leaves out of a long one; left out when it is whole. */
  readonly rest?: string | undefined;
}

/** What is known of the run besides its output. */
export interface RunFacts {
  /** Whether the command failed; behind a pipe it may not have, whatever the tests did. */
  readonly hasFailed: boolean;
  /** Where it ran, absolute: paths in it are told relative to it, so that runs in two worktrees compare. */
  readonly directory?: string;
  /** Other folders of the run, absolute, with the word that stands for each. */
  readonly folders?: Readonly<Record<string, string>>;
}

/** How one runner's reader sees the run. */
export interface RunnerReport {
  readonly runner: string;
  readonly counts: TestCounts;
  readonly failures: readonly TestFailure[];
  /** The runner itself says that it ran nothing, or what kept it from running; null: it doesn't. */
  readonly abortedBy: string | null;
}

/** Reads one runner's output line by line, in bounded memory. */
export interface RunnerReader {
  /** Something is open, and any line may belong to it; else only lines that may announce something are read. */
  readonly isListening: boolean;
  /** A line as a terminal would show it, without trailing blanks. */
  line(text: string): void;
  /** What was read; null: nothing of this runner's was there. */
  end(hasFailed: boolean): RunnerReport | null;
}
