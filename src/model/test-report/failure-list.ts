/** The failing tests of a run while its output is read: distinct, bounded, with the lines that tell most. */
import { cut } from '../excerpt.js';
import { normaliseMessage } from './compare.js';
import { isForeign, isSameFile, placeIn } from './places.js';
import type { Place } from './places.js';
import type { TestFailure } from './report.js';

/** A failing test as the runner announces it. */
export interface Announced {
  readonly title: string;
  readonly name?: string | undefined;
  readonly suite?: string | null | undefined;
  readonly file?: string | null | undefined;
  readonly line?: number | null | undefined;
  /** Another one, though its title is known: its file, which tells them apart, comes later. */
  readonly isAnother?: boolean;
}

export interface OpenFailure {
  title: string;
  name: string;
  suite: string | null;
  file: string | null;
  line: number | null;
  readonly message: string[];
  readonly frames: Place[];
  rest?: string;
}

export interface FailureList {
  /** Opens a failure: what is said next is about it. One of the same title, suite and file is the same failure. */
  open(failure: Announced): OpenFailure;
  /** A line about the open failure; without one it is lost. Frames are told from words. */
  say(line: string): void;
  /** A line of a trace about the open failure: only where it points to is kept. */
  trace(line: string): void;
  /** What is said next is about no test. */
  close(): void;
  readonly current: OpenFailure | null;
  readonly all: readonly OpenFailure[];
  /** Takes it off the list. */
  drop(failure: OpenFailure): void;
  end(): readonly TestFailure[];
}

const mostFailures = 1000;
const mostLines = 12;
const longestMessageLine = 300;
const longestName = 500;
const mostFrames = 12;

/** @param isInnermostLast - whether traces end with the frame that failed, as Python's do. */
export function createFailureList(isInnermostLast = false): FailureList {
  const all: OpenFailure[] = [];
  /** By title and suite as they were announced. */
  const index = new Map<string, OpenFailure[]>();
  let current: OpenFailure | null = null;
  return {
    all,
    get current() {
      return current;
    },
    open(announced) {
      const failure = openFailure(announced);
      const key = JSON.stringify([failure.title, failure.suite]);
      const alike = index.get(key) ?? [];
      const known =
        announced.isAnother === true ? undefined : alike.find((one) => mayBeInFile(one, failure.file));
      if (known === undefined && all.length < mostFailures) {
        all.push(failure);
        index.set(key, [...alike, failure]);
      }
      // What is told twice is listed once, with what was said first.
      current = known === undefined || known.message.length > 0 ? failure : known;
      return known ?? failure;
    },
    say(line) {
      if (current !== null) addLine(current, line);
    },
    trace(line) {
      const place = placeIn(line);
      if (current !== null && place !== null) addFrame(current, place);
    },
    close() {
      current = null;
    },
    drop(failure) {
      const at = all.indexOf(failure);
      if (at !== -1) all.splice(at, 1);
    },
    end: () => all.map((failure) => closeFailure(failure, isInnermostLast)),
  };
}

function openFailure({ title, name, suite, file, line }: Announced): OpenFailure {
  const shown = owned(cut(title, longestName));
  return {
    title: shown,
    name: name === undefined ? shown : owned(cut(name, longestName)),
    suite: suite == null ? null : owned(suite),
    file: file == null ? null : owned(file),
    line: line ?? null,
    message: [],
    frames: [],
  };
}

function mayBeInFile(failure: OpenFailure, file: string | null): boolean {
  return failure.file === null || file === null || failure.file === file;
}

function addLine(failure: OpenFailure, line: string): void {
  const place = placeIn(line);
  if (place !== null) addFrame(failure, place);
  // Go says what is wrong behind the place.
  if ((place !== null && !/\.go:\d+: \S/.test(line)) || isNoise(line)) return;
  const { message } = failure;
  if (message.some((said) => isRepeated(line, said))) return;
  if (message.length < mostLines) message.push(owned(cut(line, longestMessageLine)));
  if (message.length >= mostLines || line.length > longestMessageLine) leaveOut(failure, line);
}

/** Two long messages may differ only where nobody is told of it. */
function leaveOut(failure: OpenFailure, line: string): void {
  failure.rest = digestOf(`${failure.rest ?? ''}${normaliseMessage(line)}`);
}

/** FNV-1a in two lanes: enough to tell two messages apart that nobody made to collide. */
function digestOf(text: string): string {
  let [left, right] = [0x811c9dc5, 0x01000193];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    left = Math.imul(left ^ code, 0x01000193);
    right = Math.imul(right ^ (code + at), 0x85ebca6b);
  }
  return [left, right].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}

function addFrame(failure: OpenFailure, place: Place): void {
  if (failure.frames.length < mostFrames) failure.frames.push({ ...place, file: owned(place.file) });
}

function isNoise(line: string): boolean {
  return line.trim() === '' || isSource.test(line) || isBareFrame.test(line);
}

/** A trace often begins with the message that stands above it. */
function isRepeated(line: string, said: string): boolean {
  const text = said.trim();
  return (
    text.length > 12 &&
    line.endsWith(text) &&
    /^\s*(?:[\w. ]*(?:Error|Exception)[^:]*: )?$/.test(line.slice(0, -text.length))
  );
}

/** Source with line numbers, markers below it, and rules. */
const isSource = /^\s*>?\s*\d*\s*\|(?:\s|$)|^[\s^~|]*\^[\s^~]*$|^\s*(?:[-=_⎯]{4,}|[{}]|\.\.\.)\s*$/;

/** Frames in which no file of the project's can be: of the language, of the runner. */
const isBareFrame =
  /^\s*at (?:.*[( ](?:<anonymous>|native|node:|index \d).*|(?:java|javax|jdk|sun|kotlin|org\.(?:junit|apache|opentest4j|hamcrest|assertj|gradle))[./].*)$|^\s*(?:Suppressed: |\.\.\. \d+ more$)/;

function closeFailure(failure: OpenFailure, isInnermostLast: boolean): TestFailure {
  const { title, name, suite, file, line, message, frames, rest } = failure;
  const traced = isInnermostLast ? frames.toReversed() : frames;
  const own = traced.filter((frame) => !isForeign(frame.file));
  const thrown = own[0] ?? null;
  const told = file ?? thrown?.file ?? null;
  const inTest = told === null ? null : own.find((frame) => isSameFile(frame.file, told));
  const elsewhere = thrown !== null && told !== null && !isSameFile(thrown.file, told);
  return {
    name,
    suite,
    title,
    file: told,
    line: inTest?.line ?? line,
    message: [...withoutIndent(message), ...(elsewhere ? [`at ${thrown.file}:${thrown.line}`] : [])].join(
      '\n',
    ),
    ...(rest === undefined ? {} : { rest }),
  };
}

function withoutIndent(lines: readonly string[]): string[] {
  const indents = lines.map((line) => /^\s*/.exec(line)?.[0].length ?? 0);
  const least = Math.min(...indents);
  return lines.map((line, index) => (index === 0 ? line.trimStart() : line.slice(least)));
}

/** A copy that owns its characters: a part of a string keeps the whole chunk in memory. */
export function owned(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
