/** What became of a run. Pure: the table of outcomes, each of them measured with the real binary. */
import type { AgentFailure, AgentOutcome, WaitReason } from '../model/agent.js';
import type { RegenError } from '../model/errors.js';
import type { RunResult } from './result.js';
import type { Watched } from './watch.js';

/** How the process ended, and whether it was us. */
export type RunEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  /** `atWork`: the tools that were, when we stopped it. */
  | { readonly kind: 'wall_timeout' | 'idle_timeout'; readonly atWork: readonly string[] }
  | { readonly kind: 'login_refused' | 'money_used_up' | 'interrupted' }
  /** In tokens: what the next request was to send, and `agent.context`. */
  | { readonly kind: 'context_full'; readonly tokens: number; readonly window: number }
  /** A value and no exception: the run is over, and must not look like one that was killed. */
  | { readonly kind: 'not_started'; readonly why: RegenError };

export interface RunFacts {
  readonly end: RunEnd;
  readonly seen: Watched;
  /** The end of stderr. */
  readonly stderr: string;
  readonly isStructured: boolean;
}

/**
 * A run has succeeded only if all of these hold, since each one alone lies: exit 0, a result, no error in it, a model
 * that was asked, and the structured answer if one was wanted.
 */
export function decideOutcome(facts: RunFacts): AgentOutcome {
  const { end, seen } = facts;
  switch (end.kind) {
    case 'interrupted':
      return { kind: 'interrupted' };
    case 'not_started':
      return notReady(end.why.message, end.why.hint ?? loginHint);
    case 'login_refused':
      return notReady('the API refused the login (401)', loginHint);
    case 'money_used_up':
      return failed('max_budget', 'the run was ended when it went on without money');
    case 'context_full':
      return failed(
        'context_full',
        `the conversation had come to ${end.tokens} tokens, and the window of ${end.window} (agent.context) leaves no room for another answer`,
      );
    case 'wall_timeout':
      return failed(
        'wall_timeout',
        `the run was ended at its time limit (agent.timeout)${toolsText(end.atWork)}`,
      );
    case 'idle_timeout':
      return failed(
        'idle_timeout',
        `the run was ended because nothing came for too long (agent.idle)${toolsText(end.atWork)}`,
      );
    case 'exited':
    case 'signalled':
      return seen.result === null ? withoutResult(facts, end) : withResult(facts, seen.result);
  }
}

const loginHint = 'Log in with `claude login`, or set ANTHROPIC_API_KEY.';

function withResult(facts: RunFacts, result: RunResult): AgentOutcome {
  if (result.isError) return ofError(facts, result);
  const { end, isStructured } = facts;
  if (end.kind !== 'exited' || end.code !== 0) {
    return failed(
      'crashed',
      `success was reported, but the process ended with ${endText(end)}${said(facts)}`,
    );
  }
  if (Object.keys(result.modelUsage).length === 0) {
    return failed(
      'nothing_asked',
      `no model was asked anything; the answer was ${JSON.stringify(result.text)}`,
    );
  }
  if (isStructured && result.structured === undefined) {
    return failed('no_structured_output', 'the model never gave the structured answer');
  }
  return { kind: 'completed', text: result.text, structured: result.structured ?? null };
}

function withoutResult(facts: RunFacts, end: RunEnd): AgentOutcome {
  const session = sessionFailure(facts.stderr);
  if (session !== null) return session;
  if (facts.seen.events > 0 || end.kind !== 'exited') {
    const failure = end.kind === 'exited' && end.code === 0 ? 'no_result' : 'crashed';
    return failed(failure, `the agent ended with ${endText(end)} and without a result${said(facts)}`);
  }
  // Not a word on stdout: the binary didn't get as far as the item.
  return notReady(
    `the agent did not start: ${endText(end)}${said(facts)}`,
    'Try the command of agent.command in regen.yaml by hand; `regen doctor` says what is missing.',
  );
}

function ofError(facts: RunFacts, result: RunResult): AgentOutcome {
  const detail = result.text === '' ? result.errors.join('; ') || result.subtype : result.text;
  return (
    sessionFailure(detail) ??
    ofSubtype(result, detail) ??
    ofLimit(facts.seen, result, detail) ??
    ofStatus(result.apiStatus, detail) ??
    ofText(detail) ??
    failed(result.subtype === 'success' ? 'api_error' : 'crashed', detail)
  );
}

function sessionFailure(text: string): AgentOutcome | null {
  if (/No conversation found with session ID/i.test(text)) return failed('session_lost', text.trim());
  if (/Session ID \S+ is already in use/i.test(text)) return failed('session_taken', text.trim());
  return null;
}

function ofSubtype(result: RunResult, detail: string): AgentOutcome | null {
  if (result.subtype === 'error_max_turns') return failed('max_turns', detail);
  if (result.subtype === 'error_max_budget_usd') return failed('max_budget', detail);
  // Five answers in one run that don't fit the schema; the binary has said what is wrong after each.
  if (result.subtype === 'error_max_structured_output_retries') return failed('no_structured_output', detail);
  if (result.stopReason === 'refusal') return failed('refusal', detail);
  if (result.terminalReason === 'prompt_too_long') return failed('prompt_too_long', detail);
  return null;
}

/** Two forms: an event with the instant, and a text of older versions (`… usage limit reached|<epoch seconds>`). */
function ofLimit(seen: Watched, result: RunResult, detail: string): AgentOutcome | null {
  const written = /usage limit reached\|(\d{9,})/i.exec(detail)?.[1];
  const resetsAt = written === undefined ? seen.limit?.resetsAt : Number(written);
  if (resetsAt != null) return waiting('usage_limit', detail, new Date(resetsAt * 1000));
  if (/not your usage limit/i.test(detail)) return waiting('rate_limit', detail);
  const isLimit = /you've (hit|reached) your .*limit/i.test(detail) || /usage limit reached/i.test(detail);
  return isLimit && (result.apiStatus ?? 429) === 429 ? waiting('usage_limit', detail) : null;
}

function ofStatus(status: number | null, detail: string): AgentOutcome | null {
  if (status === null) return null;
  if (status === 429) return waiting('rate_limit', detail);
  if (status >= 500) return waiting('overloaded', detail); // their fault, not the item's
  if (status === 401 || status === 403) return notReady(detail, loginHint);
  if (status === 402 || /credit balance/i.test(detail)) {
    return notReady(detail, 'Add credits to the account, or use another key.');
  }
  if (status === 404) return notReady(detail, 'Correct agent.model or agent.endpoint in regen.yaml.');
  if (status === 413) return failed('prompt_too_long', detail);
  return null;
}

function ofText(detail: string): AgentOutcome | null {
  if (/not logged in|please run \/login|invalid api key/i.test(detail)) return notReady(detail, loginHint);
  const isNetwork =
    /unable to connect|connection (error|refused|closed)|ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|timed out|socket/i;
  return isNetwork.test(detail) ? waiting('network', detail) : null;
}

function failed(failure: AgentFailure, detail: string): AgentOutcome {
  return { kind: 'failed', failure, detail };
}

function waiting(reason: WaitReason, detail: string, retryAt: Date | null = null): AgentOutcome {
  return { kind: 'waiting', reason, detail, retryAt };
}

function notReady(detail: string, hint: string): AgentOutcome {
  return { kind: 'not_ready', detail, hint };
}

function endText(end: RunEnd): string {
  if (end.kind === 'exited') return `exit code ${end.code}`;
  return end.kind === 'signalled' ? end.signal : end.kind;
}

/** The last line that stderr holds, after a colon. */
function said({ stderr }: RunFacts): string {
  const line = stderr.trim().split('\n').at(-1) ?? '';
  return line === '' ? '' : `: ${line.slice(0, 500)}`;
}

function toolsText(names: readonly string[]): string {
  return names.length === 0 ? '' : `; at work: ${names.join(', ')}`;
}
