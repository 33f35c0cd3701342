/** What the files of a session don't tell: said, so that nobody takes it for nothing. Pure. */
import type { ProfiledSession } from '../model/profile.js';
import type { Session } from './session.js';

/** Sentences about one session, without its name. */
export function unknownOf(session: Session, profiled: ProfiledSession): readonly string[] {
  const requests = session.threads.flatMap((thread) => thread.requests);
  const placeholders = requests.filter(({ isOutputKnown }) => !isOutputKnown).length;
  const unpriced = placeholders === 0 && profiled.costUsd === null && requests.length > 0;
  return [
    requests.length === 0 && session.oddities.copied === 0 ? 'no request was answered' : null,
    placeholders > 0 ? outputsUnknown(placeholders, requests.length, profiled) : null,
    unlisted(profiled),
    session.source === 'stream' ? streamTimes : null,
    unpriced ? `no price for ${profiled.models.join(', ')}: costs that it takes part in are not told` : null,
    ...oddities(session),
  ].filter((sentence) => sentence !== null);
}

const streamTimes =
  'times: a stream has them only on tool results, so that gaps are approximate; the transcript has them all';

function outputsUnknown(placeholders: number, requests: number, { reported }: ProfiledSession): string {
  const sum = reported === null ? '' : `; Claude Code’s own sum is ${reported.output}`;
  return `output tokens of ${placeholders} of ${requests} messages: without --include-partial-messages, and of subagents always, a stream has placeholders${sum}`;
}

/** Claude Code's sums know the subagents' last answers and its own small requests, which its stream leaves out. */
function unlisted({ reported, counting: { perMessage } }: ProfiledSession): string | null {
  if (reported === null) return null;
  const told = reported.input + reported.cacheRead + reported.cacheWrite;
  const listed = perMessage.input + perMessage.cacheRead + perMessage.cacheWrite;
  return told > listed
    ? `${told - listed} prompt tokens that Claude Code’s result reports and no message of the stream has: subagents’ last answers, or earlier runs of the session`
    : null;
}

function oddities({ oddities: { malformed, torn, copied, synthetic } }: Session): readonly (string | null)[] {
  return [
    malformed > 0 ? `${were(malformed, 'line')} passed over: no JSON` : null,
    torn > 0 ? 'the last line is cut off, as a kill or a running session leaves it' : null,
    copied > 0 ? `${are(copied, 'message')} another session’s, repeated here, and counted there` : null,
    synthetic > 0
      ? `${were(synthetic, 'notice')} left out: Claude Code’s own, which nobody charges for`
      : null,
  ];
}

function were(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? ' was' : 's were'}`;
}

function are(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? ' is' : 's are'}`;
}
