import { RegenError } from '../model/errors.js';
import { killChildrenNow } from '../system/living.js';

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The one signal of the invocation. The first SIGINT, SIGTERM or SIGHUP lets everything clean up; the second kills the
 * children and ends the process at once.
 */
export function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const name of names) {
    process.on(name, () => {
      if (controller.signal.aborted) endAtOnce();
      controller.abort(
        new RegenError('interrupted', `interrupted by ${name}`, {
          hint: 'The next invocation goes on from the last finished effect.',
        }),
      );
    });
  }
  return controller.signal;
}

/** Dies of SIGINT, which a shell reports as 130. */
function endAtOnce(): void {
  killChildrenNow();
  for (const name of names) process.removeAllListeners(name);
  process.kill(process.pid, 'SIGINT');
}
