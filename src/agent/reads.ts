/** Which files a run's Read tool was asked for, as its stream tells it. */
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { FileRead } from '../model/file-read.js';
import type { AgentEvent } from './events.js';

/** A call of the tool. */
interface Call {
  readonly id: string;
  /** The message that it stands in. */
  readonly message: string;
  /** As the model wrote it. */
  readonly file: string;
}

type EndedCall = Call & { readonly isShown: boolean };

export interface Reads {
  readonly inFlight: readonly Call[];
  readonly ended: readonly EndedCall[];
  /** Those that had ended when the last structured answer was given; null: none was. */
  readonly beforeAnswer: readonly EndedCall[] | null;
}

export const noReads: Reads = { inFlight: [], ended: [], beforeAnswer: null };

/** The reads after one more event. A subagent's are its own: the main conversation doesn't see what they show. */
export function seeReads(reads: Reads, event: AgentEvent): Reads {
  switch (event.kind) {
    case 'assistant': {
      const calls = event.tools.flatMap(({ id, file }) =>
        file === null || event.thread !== null ? [] : [{ id, message: event.id, file }],
      );
      const isAnswer = event.thread === null && event.tools.some(({ name }) => name === 'StructuredOutput');
      return {
        ...reads,
        inFlight: [...reads.inFlight, ...calls],
        // Calls of one message are made together: none of them knows what another one brings.
        beforeAnswer: isAnswer
          ? reads.ended.filter(({ message }) => message !== event.id)
          : reads.beforeAnswer,
      };
    }
    case 'tool_results': {
      const isOver = ({ id }: Call): boolean => event.ids.includes(id);
      const over = reads.inFlight.filter(isOver);
      if (over.length === 0) return reads;
      return {
        ...reads,
        inFlight: reads.inFlight.filter((call) => !isOver(call)),
        ended: [
          ...reads.ended,
          ...over.map((call) => ({ ...call, isShown: !event.failed.includes(call.id) })),
        ],
      };
    }
    default:
      return reads;
  }
}

/** Each file once before the answer, which can rest on it, and once after. */
export async function filesRead({ ended, beforeAnswer }: Reads, cwd: string): Promise<readonly FileRead[]> {
  const files = new Map<string, FileRead>();
  const known = new Set(beforeAnswer ?? ended);
  for (const call of ended) {
    const path = await realPath(resolve(cwd, call.file.trim()));
    const isLate = !known.has(call);
    const key = `${isLate ? 'late' : 'in time'} ${path}`;
    files.set(key, { path, isShown: call.isShown || files.get(key)?.isShown === true, isLate });
  }
  return [...files.values()];
}

/** As it is, where there is no such file. */
function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
