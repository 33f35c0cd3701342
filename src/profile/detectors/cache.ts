import { formatDuration } from '../../model/duration.js';
import { fiveMinutes, gapBefore, missesOf } from '../misses.js';
import type { Miss, MissCause } from '../misses.js';
import { inEachThread, noCost } from './detector.js';
import type { Detector } from './detector.js';

const causes: Readonly<Record<Exclude<MissCause, 'expired'>, string>> = {
  model: 'the model changed, and each has a cache of its own',
  version: 'another version of Claude Code went on with the session',
  tools: 'the tools or MCP servers changed, and they come first in the prompt',
  compaction: 'the conversation was summed up',
  lookback: 'ten or more parallel calls: a breakpoint finds what was written up to 20 blocks back',
  unknown: 'what broke the prefix, the records don’t tell',
};

/** Prompts that were written although the request before had left them in the cache, and not for want of time. */
export const cacheMisses: Detector = {
  id: 'cache-misses',
  rule: null,
  title: 'prompts written again although they were in the cache',
  recommendation:
    'Keep model, tools, MCP servers and system prompt the same for the length of a session, and go on with it in the same way (the same flags for --resume).',
  find: inEachThread((thread) =>
    missesOf(thread).flatMap(({ cause, index, tokens, read }) =>
      cause === 'expired'
        ? []
        : [
            {
              requests: [index + 1],
              what: `${tokens} tokens not read (${read} were): ${causes[cause]}`,
              count: 1,
              ...thread.rewritten(index, tokens),
            },
          ],
    ),
  ),
};

/** Five minutes and more without a request: by then what was cached for five minutes is gone. */
export const longGaps: Detector = {
  id: 'long-gaps',
  rule: null,
  title: 'gaps of five minutes and more between requests',
  recommendation:
    'Keep what runs long out of the conversation (regen runs checks outside of it), or cache for an hour where such gaps are the rule: in regen.yaml "cache.mode: 1h". It makes every write dearer.',
  find: inEachThread((thread) => {
    const expired = new Map<number, Miss>();
    for (const miss of missesOf(thread)) if (miss.cause === 'expired') expired.set(miss.index, miss);
    return thread.requests.flatMap(({ follows }, index) => {
      const gap = gapBefore(thread.requests, index);
      if (gap === null || gap < fiveMinutes) return [];
      const miss = expired.get(index);
      const running = follows === 'prompt' ? undefined : thread.requests[index - 1]?.calls[0];
      const meanwhile = running === undefined ? 'the next prompt' : `${running.tool} ${running.what}`;
      const loss = miss === undefined ? 'the cache held' : `${miss.tokens} tokens had to be written again`;
      return [
        {
          requests: [index + 1],
          what: `${formatDuration(gap)} for ${meanwhile}: ${loss}`,
          count: 1,
          ...(miss === undefined ? noCost : thread.rewritten(index, miss.tokens)),
        },
      ];
    });
  }),
};
