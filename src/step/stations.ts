/** What the line needs of each station. wire.ts builds them; a station's factory returns one of these. */
import type { AgentPlace, AgentReport, AgentRun, RecoveredRun, SessionState } from '../model/agent.js';
import type { Attempt, ItemRef } from '../model/attempt.js';
import type { BaseCheckout } from '../model/base-checkout.js';
import type { BaseTree } from '../model/base-tree.js';
import type { BlockFile } from '../model/block.js';
import type { Enclosed } from '../model/enclosure.js';
import type { MarkResult, NewPlan, Plan, PlanMark, PlanMarks } from '../model/plan.js';
import type { PackedBlock, PackPrompt, Prompt } from '../model/prompt.js';
import type { Choice, Item } from '../model/target.js';
import type { SessionTranscript } from '../model/session.js';
import type { ModelMessage } from '../model/usage.js';
import type { CheckResult, Evaluation } from '../model/verdict.js';
import type { Audit } from './audit-station.js';
import type { Journals } from './journal-files.js';
import type { Judge } from './judge-station.js';
import type { Ledger } from './ledger-station.js';
import type { Forge, ShipTexts } from './ship-station.js';
import type { References } from './references-station.js';
import type { Routing } from './routing-station.js';
import type { Worker } from './worker-station.js';
import type { Workspace } from './workspace-station.js';

/** All of them. The forge is made when it is first asked for: without `ship.to: github` nobody needs its token. */
export interface Stations {
  readonly plans: PlanStore;
  readonly picker: Picker;
  readonly workspace: Workspace;
  readonly prompts: Prompts;
  readonly agent: Agent;
  readonly sessions: Sessions;
  readonly checks: Checks;
  readonly judge: Judge;
  readonly recorder: Recorder;
  readonly texts: ShipTexts;
  readonly ledger: Ledger;
  forge(): Promise<Forge>;
  auditing(): Promise<Auditing>;
  worker(): Promise<Worker>;
  routing(): Promise<Routing>;
  /** null: regen.yaml names no reference documents. */
  references(place: { readonly tree: BaseTree; readonly target: string }): Promise<References | null>;
}

/** What plan mode asks a model with; made only when an audit is due. */
export interface Auditing extends Pick<Stations, 'agent' | 'ledger' | 'plans' | 'prompts'> {
  readonly audit: Audit;
  readonly journals: Journals;
}

/** plan/: the checklist on disk. Every edit is read, changed and written under plan.lock. */
export interface PlanStore {
  /** @throws RegenError `plan` naming the line; null when there is no plan. */
  read(): Promise<Plan | null>;
  /** Never overwrites: RegenError `plan` when a plan is there already. */
  create(plan: NewPlan, signal: AbortSignal): Promise<void>;
  /** A person's edit wins: nothing is written unless the item still stands as one of `from` in the same plan. */
  mark(edit: PlanMark, signal: AbortSignal): Promise<MarkResult>;
  /** The same for several at once; returns those that were marked. */
  markAll(edit: PlanMarks, signal: AbortSignal): Promise<readonly string[]>;
  /** Adds a log line and nothing else. */
  log(
    entry: { readonly plan: string; readonly item: string; readonly text: string },
    signal: AbortSignal,
  ): Promise<MarkResult>;
  /**
   * Moves the plan into `.regen-history/`; returns the archive's path relative to the root. An abandoned plan's name ends
   * in `.abandoned.md`, and doesn't count as the target's having been done.
   */
  archive(plan: string, signal: AbortSignal, how?: { readonly isAbandoned: boolean }): Promise<string>;
  /** The instants at which each target was archived, newest last. */
  archives(): Promise<ReadonlyMap<string, Date>>;
}

/** pick/: targets and items out of the base's tree. */
export interface Picker {
  choose(question: PickQuestion, signal: AbortSignal): Promise<Choice>;
  /** The items of one target, in the plan's order, with what the pre-filter makes of them. */
  items(tree: BaseTree, target: string, signal: AbortSignal): Promise<readonly Item[]>;
  /** Their ids alone: no rule is asked. */
  ids(tree: BaseTree, target: string, signal: AbortSignal): Promise<readonly string[]>;
  /** The files of a target cut into blocks, where items are blocks. */
  blocks(tree: BaseTree, target: string, signal: AbortSignal): Promise<readonly BlockFile[]>;
  /** Every target's id. */
  targets(tree: BaseTree, signal: AbortSignal): Promise<readonly string[]>;
}

export interface PickQuestion {
  readonly tree: BaseTree;
  /** The name on the command line; null: the configured order decides. */
  readonly wanted: string | null;
  readonly archives: ReadonlyMap<string, Date>;
  /** When each target last had an item shipped. */
  readonly shipped: ReadonlyMap<string, Date>;
  /** Numbers of our open pull requests by target; null when nobody looked. */
  readonly openPullRequests: ReadonlyMap<string, readonly number[]> | null;
  readonly now: Date;
}

/** prompt/: the texts that are sent. */
export interface Prompts {
  /** @throws RegenError `config` when a file of the items' prompts is not in the base. */
  ensureFiles(facts: PromptItems, signal: AbortSignal): Promise<void>;
  build(facts: PromptFacts, signal: AbortSignal): Promise<Prompt>;
  /** For several small items at once. */
  pack(facts: PackFacts, signal: AbortSignal): Promise<PackPrompt>;
  /** The next turn after failed checks or forbidden changes. */
  repair(round: CheckRounds): string;
  /** The next turn after a review below what is accepted. */
  improve(evaluation: Evaluation): string;
  /** The next turn after an interruption; `text`: what the session may not have been told yet. */
  goOn(text: string | null): string;
}

/** What checks said after a turn of the agent, and the time before. */
export interface CheckRounds {
  readonly now: readonly CheckResult[];
  /** Empty the first time. */
  readonly before: readonly CheckResult[];
}

export interface PromptItems {
  readonly target: string;
  readonly items: readonly string[];
  readonly tree: BaseTree;
}

export interface PromptFacts extends ItemRef {
  readonly tree: BaseTree;
  /** The worktree's absolute path; null while only measuring. */
  readonly worktree: string | null;
  readonly writes: readonly string[];
  readonly changeRequests: readonly string[];
}

export interface PackFacts {
  readonly target: string;
  readonly tree: BaseTree;
  readonly blocks: readonly PackedBlock[];
  /** Documents that all packs are sent, as a part of the prefix. */
  readonly references: readonly Enclosed[];
  /** What of them this pack needs, in its message. */
  readonly passages: readonly Enclosed[];
}

/** agent/: Claude Code. */
export interface Agent {
  /**
   * One run, ended for certain with everything it started. `onMessage` is called as soon as a message is complete; the
   * report holds this run's messages only, also on `resume`.
   */
  run(run: AgentRun, onMessage: (message: ModelMessage) => void, signal: AbortSignal): Promise<AgentReport>;
  /** Of a run that regen was killed in: ends what is left of its processes, then reads its files. */
  recover(place: AgentPlace, signal: AbortSignal): Promise<RecoveredRun>;
  /** Whether the attempt's session can be gone on with from `cwd`. */
  session(place: Pick<AgentPlace, 'attempt' | 'cwd'>): Promise<SessionState>;
  /** RegenError `environment` when the binary isn't there; returns its version. */
  version(signal: AbortSignal): Promise<string>;
}

/** agent/: sessions of Claude Code that regen didn't start, and that call it. */
export interface Sessions {
  /** null: its transcript isn't there. */
  read(session: string): Promise<SessionTranscript | null>;
}

/** checks/: commands of the repository. */
export interface Checks {
  /** Tools, set-up and programs; RegenError `environment` when something is missing that the set-up doesn't bring. */
  preflight(place: CheckPlace, signal: AbortSignal): Promise<void>;
  /** The tools alone, before there is a worktree. */
  preflightTools(signal: AbortSignal): Promise<void>;
  /** In order; stops at the first check that fails. RegenError `environment` when one can execute no test here. */
  run(place: CheckPlace, signal: AbortSignal): Promise<readonly CheckResult[]>;
  publish(place: CheckPlace, signal: AbortSignal): Promise<CheckResult>;
}

export interface CheckPlace {
  readonly attempt: Attempt;
  /** The worktree's absolute path. */
  readonly cwd: string;
  readonly round: number;
  /** What the checks produced for publishing, absolute: `{artifacts}`. */
  readonly artifacts: string;
  /** Folders of earlier runs' logs, absolute, the newest first: what failed there is run first. */
  readonly before: readonly string[];
  /** No turn of the agent follows. */
  readonly isLast?: boolean;
  readonly base: BaseCheckout;
  /** Whether the item may write a file of this path. */
  isOwn(path: string): boolean;
}

/** judge/: what the verdict leaves in the repository. */
export interface Recorder {
  /** Writes metadata and header in the worktree; a CheckResult tells what went wrong. */
  record(place: CheckPlace, facts: RecordFacts, signal: AbortSignal): Promise<CheckResult>;
}

export interface RecordFacts {
  /** null: nothing was evaluated. */
  readonly evaluation: Evaluation | null;
  readonly parentIssue: string | null;
  readonly model: string;
  /** The pinned base, whose metadata is the ground. */
  readonly base: BaseTree;
}
