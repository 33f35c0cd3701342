/** A poet that holds back the first sessions' writing, so that a test can act while they are at work. */
import type { ScriptedReply } from '../../src/demo/model/reply.js';
import type { ScriptedRequest } from '../../src/demo/model/request.js';
import { poet } from './poems.js';

export interface Gate {
  readonly script: (request: ScriptedRequest) => Promise<ScriptedReply>;
  /** Resolves once so many sessions wait at the same time. */
  readonly reached: Promise<void>;
  /** Answers them all. Sessions after them aren't held back. */
  letGo(): void;
}

/** @param sessions - how many are held back. */
export function gate(sessions: number): Gate {
  const author = poet();
  let reach = (): void => undefined;
  let letGo = (): void => undefined;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const released = new Promise<void>((resolve) => (letGo = resolve));
  let waiting = 0;
  return {
    reached,
    letGo: () => {
      letGo();
    },
    async script(request) {
      if (request.turnOfPrompt === 2) {
        waiting += 1;
        if (waiting === sessions) reach();
        if (waiting <= sessions) await released;
      }
      return author(request);
    },
  };
}
