import type { Invocation } from './invocation.js';
import command from '../../commands/regen.md' with { type: 'text' };

/** `regen init`: regen.yaml, ignore entries and the slash command. */
export async function init(invocation: Invocation): Promise<number> {
  const surroundings = await invocation.surroundings();
  const [{ wireInit }, { initText }] = await Promise.all([
    import('../wire-setup.js'),
    import('../init/init-text.js'),
  ]);
  const initialise = await wireInit(surroundings);
  const report = await initialise({ config: invocation.options.config ?? null, command }, invocation.signal);
  invocation.reporter.result(initText(report), report);
  return 0;
}
