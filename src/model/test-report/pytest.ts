/** pytest, with `-q`, `-v`, every `--tb` and xdist. */
import { cut } from '../excerpt.js';
import { owned } from './failure-list.js';
import type { FailureList, OpenFailure } from './failure-list.js';
import type { Place } from './places.js';
import type { RunnerReader } from './report.js';
import { createRuns, numberBefore } from './runs.js';

const longestMessage = 300;

/** Where in the output a line stands. */
type Part = 'run' | 'failures' | 'captured' | 'passes' | 'summary';

export function createPytest(): RunnerReader {
  const runs = createRuns(true);
  let part: Part = 'run';
  let hasSummary = false;
  let abortedBy: string | null = null;
  /** `1 failed in 0.1s` as a test may have printed it, or as the run ended. */
  let weak: string | null = null;
  /** The node ids that -v tells, by their last part. */
  /** By their titles, until the summary names them. */
  let blocks: Blocks = new Map();
  let unnamed: { readonly place: Place; readonly message: string }[] = [];
  let ids = new Map<string, string>();

  function close(summary: string): void {
    if (hasSummary) keepSummarised(runs.failures);
    for (const failure of runs.failures.all) identify(failure, ids);
    runs.close({
      passed: numberBefore(summary, 'passed'),
      failed: numberBefore(summary, 'failed') + numberBefore(summary, 'errors?'),
      skipped: numberBefore(summary, 'skipped'),
    });
    [part, hasSummary, weak] = ['run', false, null];
    ids = new Map();
    blocks = new Map();
    unnamed = [];
  }

  function heading(title: string): void {
    runs.failures.close();
    if (/^(?:FAILURES|ERRORS)$/.test(title)) part = 'failures';
    else if (title === 'short test summary info') [part, hasSummary] = ['summary', true];
    else if (title === 'PASSES') part = 'passes';
    else if (part !== 'summary') part = 'run';
  }

  return {
    get isListening() {
      return part !== 'run';
    },
    line(text) {
      const title = /^={3,} (.+?) ={3,}$/.exec(text)?.[1];
      const summary = /^=*[ \t]*((?:\d+ [a-z]+,? ?)+)in [\d.:]+ ?s/.exec(text)?.[1];
      if (summary !== undefined) {
        if (title === undefined && (part === 'captured' || part === 'passes')) weak = summary;
        else close(summary);
      } else if (title !== undefined) {
        if (/^no tests ran in /.test(title)) abortedBy ??= text;
        heading(title);
      } else if (/^no tests ran in [\d.]+s$/.test(text)) abortedBy ??= text;
      else if (/^!{3,} Interrupted: \d+ errors? during collection !{3,}$/.test(text)) {
        abortedBy = runs.failures.all.find(({ message }) => message.length > 0)?.message.at(-1) ?? text;
      } else if (
        /^(?:ERROR: (?:file or directory|not) not found|ERROR: not found: )|^\S+: error: unrecognized arguments/.test(
          text,
        )
      )
        abortedBy = text;
      else readLine(text);
    },
    end(hasFailed) {
      if (weak !== null) close(weak);
      if (runs.isEmpty && abortedBy === null) return null;
      for (const failure of runs.failures.all) identify(failure, ids);
      return { runner: 'pytest', ...runs.end(hasFailed), abortedBy };
    },
  };

  function readLine(text: string): void {
    switch (part) {
      case 'failures':
      case 'captured':
        block(text);
        return;
      case 'summary':
        summarised(text);
        return;
      case 'run':
        running(text);
        return;
      case 'passes':
      // What tests that passed have printed.
    }
  }

  function block(text: string): void {
    const title = /^_+ (\S.*?) _+$/.exec(text)?.[1];
    if (title !== undefined && !/^(?:_ )+_?$/.test(`${text} `)) {
      part = 'failures';
      const plain = title.replace(/^ERROR (?:at \w+ of|collecting) /, '');
      const failure = runs.failures.open({ title: plain, isAnother: true });
      if (runs.failures.all.at(-1) === failure) blocks.set(plain, [...(blocks.get(plain) ?? []), failure]);
    } else if (/^-+ Captured .* -+$/.test(text)) part = 'captured';
    else if (runs.failures.current === null) line(text);
    else if (part === 'failures') runs.failures.say(told(text, runs.failures.current));
  }

  function line(text: string): void {
    const [, file = '', digits = '', message = ''] = /^(\S+\.pyx?):(\d+): (.+)$/.exec(text) ?? [];
    if (message !== '' && unnamed.length < 1000)
      unnamed.push({
        place: { file: owned(file), line: Number(digits) },
        message: owned(cut(message, longestMessage)),
      });
  }

  function summarised(text: string): void {
    const rest = /^(?:FAILED|ERROR) (\S.*)$/.exec(text)?.[1];
    if (rest === undefined) return;
    const { id, message } = splitSummary(rest, blocks);
    const failure = blockOf(id) ?? runs.failures.open({ title: id });
    [failure.title, failure.name, failure.file] = [id, id, fileOf(id)];
    if (failure.message.length === 0 && message !== '') explain(failure, message);
    summaries.add(failure);
    runs.failures.close();
  }

  /** Tests of two files may have one title; the first frame is the test's. */
  function blockOf(id: string): OpenFailure | null {
    const title = blocks.has(id) ? id : lastPart(id);
    const alike = blocks.get(title) ?? [];
    const found = alike.find(({ frames }) => frames[0]?.file.endsWith(fileOf(id))) ?? alike[0] ?? null;
    if (found !== null)
      blocks.set(
        title,
        alike.filter((one) => one !== found),
      );
    return found;
  }

  /** --tb=line tells places and errors without names; the summary tells the errors again, perhaps cut. */
  function explain(failure: OpenFailure, message: string): void {
    const start = message.replace(/\.\.\.$/, '');
    const index = unnamed.findIndex((one) => one.message.startsWith(start));
    const [found] = index === -1 ? [] : unnamed.splice(index, 1);
    failure.message.push(owned(cut(found?.message ?? message, longestMessage)));
    if (found !== undefined) failure.frames.push(found.place);
  }

  /** Without a heading the lines of the summary count as well: the output may be the end of one. */
  function running(text: string): void {
    const worker = /^\[gw\d+\] \[ *\d+%\] (FAILED|ERROR) (.+)$/.exec(text);
    const verbose = /^(\S.*?::.+?) (FAILED|ERROR)(?: +\[ *\d+%\])?$/.exec(text);
    const id = worker?.[2] ?? verbose?.[1];
    if (id !== undefined) ids.set(lastPart(id), id);
    else if (/^(?:FAILED|ERROR) \S+?::/.test(text)) summarised(text);
  }
}

const summaries = new WeakSet<OpenFailure>();

/** A block that the summary doesn't name is a test's print; unless the summary names none. */
function keepSummarised(failures: FailureList): void {
  if (!failures.all.some((failure) => summaries.has(failure))) return;
  for (const failure of [...failures.all]) if (!summaries.has(failure)) failures.drop(failure);
}

/** Lines that say what is wrong, as `say` wants them; source and values of arguments are left out. */
function told(text: string, failure: OpenFailure | null): string {
  const error = /^E(?: {1,7}|$)(.*)$/.exec(text)?.[1];
  if (error !== undefined) return error;
  if (/^\S[^:]*\.pyx?:\d+:|^\s*File "/.test(text)) return text;
  // --tb=native: what stands at the margin after the trace.
  return failure !== null &&
    failure.frames.length > 0 &&
    /^\w[\w.]*(?:Error|Exception|Warning|Exit|Interrupt|Timeout)\b/.test(text)
    ? text
    : '';
}

/** `a.py::Legend::test_draws[a - b] - AssertionError: x`: the id may hold what parts it from the message. */
function splitSummary(rest: string, blocks: Blocks): { id: string; message: string } {
  const ends = [...rest.matchAll(/ - /g)].map(({ index }) => index).concat(rest.length);
  const end =
    ends.find((at) => isBlock(rest.slice(0, at), blocks)) ??
    ends.find((at) => isBalanced(rest.slice(0, at))) ??
    rest.length;
  return { id: rest.slice(0, end), message: rest.slice(end + 3) };
}

function isBalanced(id: string): boolean {
  return id.split('[').length === id.split(']').length;
}

type Blocks = Map<string, readonly OpenFailure[]>;

/** Blocks are headed `Legend.test_draws[a]`, or with the path of a file that could not be collected. */
function isBlock(id: string, blocks: Blocks): boolean {
  return blocks.has(id) || blocks.has(lastPart(id));
}

function lastPart(id: string): string {
  const [start = '', ...parameters] = id.split('[');
  return [start.split('::').slice(1).join('.'), ...parameters].join('[');
}

function fileOf(id: string): string {
  return id.split('::', 1)[0] ?? id;
}

/** Gives a block that no summary names its node id: from -v, else from the first frame, which is the test's. */
function identify(failure: OpenFailure, ids: ReadonlyMap<string, string>): void {
  if (summaries.has(failure)) return;
  const [start = '', ...parameters] = failure.title.split('[');
  const file = failure.frames[0]?.file;
  const id =
    ids.get(failure.title) ??
    (file === undefined ? null : `${file}::${[start.replaceAll('.', '::'), ...parameters].join('[')}`);
  if (id === null) return;
  [failure.title, failure.name, failure.file] = [id, id, fileOf(id)];
}
