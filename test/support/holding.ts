/** A scripted model that doesn't answer when it is to be seen what happens then. */
import type { ScriptedReply } from '../../src/demo/model/reply.js';
import type { ScriptedRequest } from '../../src/demo/model/request.js';

type Author = (request: ScriptedRequest) => ScriptedReply | Promise<ScriptedReply>;

export interface Holding {
  readonly script: Author;
  /** What was asked, in order, also what never got an answer. */
  readonly asked: readonly ScriptedRequest[];
  /** Resolves when the n-th of the requests that are held back, 1 for the first, has come in. */
  reached(nth?: number): Promise<void>;
  /** Answers those that were held back; without it they never are. */
  letGo(): void;
}

/** Answers like the author, but holds back what `at` says: the numbers of requests, 1 for the first. */
export function holdAt(at: readonly number[], author: Author): Holding {
  const gates = at.map(() => gate());
  const released = gate();
  const asked: ScriptedRequest[] = [];
  return {
    asked,
    async script(request) {
      const index = at.indexOf(asked.push(request));
      if (index >= 0) {
        gates[index]?.open();
        await released.opened;
      }
      return author(request);
    },
    reached: (nth = 1) => gates[nth - 1]?.opened ?? Promise.reject(new Error(`nothing is held ${nth} times`)),
    letGo: () => {
      released.open();
    },
  };
}

function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    opened,
    open: () => {
      open();
    },
  };
}
