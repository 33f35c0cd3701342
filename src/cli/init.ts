import type { Invocation } from './invocation.js';
import command from '../../commands/regen.md' with { type: 'text' };

/** `regen init`: regen.yaml, ignore entries and the slash command. */
export async function init(invocation: Invocation): Promise<number> {
  const surroundings = await invocation.surroundings();
  const [{ initialise }, { initText }] = await Promise.all([
    import('../init/initialise.js'),
    import('../init/init-text.js'),
  ]);
  const request = { config: invocation.options.config ?? null, command };
  const report = await initialise(surroundings, request, invocation.signal);
  invocation.reporter.result(initText(report), report);
  return 0;
}
