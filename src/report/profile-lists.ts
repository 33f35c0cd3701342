/** What `regen profile` lists of tools, files and test runs. */
import { formatSpan } from '../model/duration.js';
import { cut } from '../model/excerpt.js';
import { formatCount } from '../model/format.js';
import type { ProfiledSession, ProfiledTestRun } from '../model/profile.js';
import { addToolResults } from '../model/tool-results.js';
import { columns } from './columns.js';
import { short, shortId } from './profile-tables.js';
import type { Mask } from './profile-tables.js';

const mostTools = 8;

/** What stays in the prompts, by tool. */
export function toolLines(sessions: readonly ProfiledSession[]): readonly string[] {
  const tools = addToolResults(sessions.flatMap((session) => session.tools));
  if (tools.length === 0) return [];
  return columns([
    ['tool', 'calls', 'errors', 'added', 'carried'],
    ...tools
      .slice(0, mostTools)
      .map(({ tool, calls, errors, tokens, carriedTokens }) => [
        cut(tool, 40),
        String(calls),
        String(errors),
        formatCount(tokens),
        formatCount(carriedTokens),
      ]),
  ]);
}

const mostFiles = 8;

/** Files that were edited more than once, or edited and read again. */
export function fileLines(sessions: readonly ProfiledSession[], mask: Mask): readonly string[] {
  const files = sessions
    .flatMap(({ session, edited }) => edited.map((file) => ({ session, ...file })))
    .filter(({ edits, reads }) => edits > 1 || reads > 1)
    .sort((one, other) => other.edits + other.reads - one.edits - one.reads);
  if (files.length === 0) return [];
  return columns(
    [
      ['session', 'file', 'edits', 'in messages', 'reads'],
      ...files
        .slice(0, mostFiles)
        .map(({ session, file, edits, messages, reads }) => [
          ...[shortId(session), short(file, 50, mask)],
          ...[String(edits), String(messages), String(reads)],
        ]),
    ],
    2,
  );
}

/** Longer lists are for --json. */
const mostTestRuns = 20;

export function testLines(sessions: readonly ProfiledSession[], mask: Mask): readonly string[] {
  const runs = sessions.flatMap(({ session, testRuns }) => testRuns.map((run) => ({ session, run })));
  if (runs.length === 0) return [];
  const shown = runs.slice(0, mostTestRuns);
  const lines = columns(
    [
      ['session', 'request', 'result', 'command', 'time', 'carried'],
      ...shown.map(({ session, run }) => [
        shortId(session),
        String(run.request),
        resultOf(run),
        short(run.command, 40, mask),
        run.durationMs === null ? '?' : formatSpan(run.durationMs),
        formatCount(run.carriedTokens),
      ]),
    ],
    4,
  );
  return runs.length > shown.length
    ? [...lines, `(${runs.length - shown.length} more are in --json)`]
    : lines;
}

function resultOf({ outcome, passed, failed, failsAgain }: ProfiledTestRun): string {
  switch (outcome) {
    case 'failed':
      if (failed === null) return 'FAIL';
      return `FAIL ${failed} of ${passed === null ? '?' : passed + failed}${failsAgain ? ', as before' : ''}`;
    case 'passed':
      return `pass ${passed ?? ''}`.trimEnd();
    case 'aborted':
      return 'aborted: no test ran';
    case 'unknown':
      return '?';
  }
}
