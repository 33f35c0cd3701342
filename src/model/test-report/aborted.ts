/** Why no test ran, from the words of whatever failed instead. */
import { cut } from '../excerpt.js';
import { owned } from './failure-list.js';

/** The line that says most about a command that did not get to its tests. */
export interface Cause {
  readonly why: string;
  /** null: there is no known reason in it. */
  readonly kind: 'environment' | 'code' | null;
}

export interface CauseReader {
  line(text: string): void;
  /** Whether something besides the command's status says that no test ran. */
  readonly saysNothingRan: boolean;
  /** A time limit ended the command. */
  readonly timeout: string | null;
  cause(): Cause;
  /** The first line that complains of anything. */
  readonly complaint: string | null;
  /** A limit that the run as a whole missed. */
  readonly sessionFault: string | null;
}

const longest = 240;

type Noted = 'loud' | 'environment' | 'code' | 'complaint' | 'any' | 'timeout' | 'session';

export function createCauses(): CauseReader {
  const first: Record<Noted, string | null> = {
    session: null,
    loud: null,
    environment: null,
    code: null,
    complaint: null,
    any: null,
    timeout: null,
  };
  let saysNothingRan = false;
  function note(kind: keyof typeof first, text: string): void {
    first[kind] ??= owned(cut(text.replace(/^(?:E {2,}|# )/, ''), longest));
  }
  return {
    get saysNothingRan() {
      return saysNothingRan;
    },
    get timeout() {
      return first.timeout;
    },
    get complaint() {
      return first.complaint;
    },
    get sessionFault() {
      return first.session;
    },
    line(line) {
      const text = line.trim();
      if (text === '') return;
      if (first.any === null) note('any', text);
      if (!mayTell.test(text)) return;
      saysNothingRan ||= nothingRan.test(text) || failedBefore.test(text);
      if (isEnvironmentFault(text)) note(/error|fail/i.test(text) ? 'loud' : 'environment', text);
      if (codeFault.test(text)) note('code', text);
      if (isComplaint.test(text) && !complainsOfNothing.test(text)) note('complaint', text);
      if (/\btimed out\b/i.test(text)) note('timeout', text);
      if (missedLimit.test(text)) note('session', text);
    },
    cause() {
      const missing = first.loud ?? first.environment;
      if (missing !== null) return { why: missing, kind: 'environment' };
      if (first.code !== null) return { why: first.code, kind: 'code' };
      return { why: first.complaint ?? first.any ?? 'no test ran', kind: null };
    },
  };
}

const missedLimit = /\b(?:coverage|threshold)\b.*\b(?:not (?:met|reached)|does not meet|below|less than)\b/i;

export function isFault(text: string): boolean {
  return isEnvironmentFault(text) || codeFault.test(text);
}

export function isEnvironmentFault(text: string): boolean {
  return environmentFault.test(text) && !ownModule.test(text);
}

/** What nearly every line lacks; the patterns below are dearer. */
const mayTell =
  /error|fail|not|no |can|cannot|could|denied|ENOENT|EACCES|REFUSED|refused|missing|lock|venv|virtual|timed out|undefined|out of|mismatch|conflict|unrecognized|permissions|collected/i;

const complainsOfNothing = /\b(?:0|no) (?:errors?|fail)|\bfail(?:ed|ures)? 0\b/i;

const isComplaint = /error|fail|timed out|cannot|no such|not found/i;

const nothingRan =
  /\bno tests? (?:ran|files? found|found|to run)|collected 0 items|No tests were (?:found|executed)|no test files|^Could not find '/i;

/** Behind a pipe the command's failure is lost, and only its words tell. */
const failedBefore =
  /^.*\b(?:[Ee]rror|ERROR|[Ff]ailed)\b.*(?:virtual environment|venv|No module named|not found)/;

/** Missing programs and packages, environments in the way, services that don't answer. */
const environmentFault =
  /virtual environment|venv|No module named|ModuleNotFoundError|Cannot find (?:module|package)|cannot find module providing package|cannot load such file|command not found|: not found$|not installed|No such file or directory|ENOENT|EACCES|Permission denied|lock ?file|out of (?:sync|date)|version (?:mismatch|conflict)|ECONNREFUSED|[Cc]onnection refused|npm (?:ERR!|error) code E(?!LIFECYCLE)|Missing script|could not (?:resolve|connect)|No rule to make target|requested permissions to use|unrecognized arguments|No space left/;

/** A module that is written relative to the file that wants it is the project's own. */
const ownModule = /Cannot find (?:module|package) ['"](?:\.|\/|file:)|cannot load such file -- (?:\.|\/)/;

/** What doesn't compile is the work, not the place. */
const codeFault =
  /SyntaxError|IndentationError|invalid JS syntax|could not compile|build failed|error\[E\d+\]|error TS\d+|COMPILATION ERROR|cannot find symbol|undefined: |cannot import name|Cannot find (?:module|package) ['"](?:\.|\/|file:)/;
