import { RegenError } from '../model/errors.js';

/**
 * The one signal of the invocation. The first SIGINT, SIGTERM or SIGHUP lets everything clean up; the second ends the
 * process at once.
 */
export function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.kill(process.pid, 'SIGKILL');
      controller.abort(
        new RegenError('interrupted', `interrupted by ${name}`, {
          hint: 'The next invocation goes on from the last finished effect.',
        }),
      );
    });
  }
  return controller.signal;
}
