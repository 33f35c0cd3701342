import type { Invocation } from './invocation.js';

/** `regen doctor`: what is missing here, and how to mend it. */
export async function doctor(invocation: Invocation): Promise<number> {
  const [{ wireDoctor }, { examine, exitStatusOf }, { doctorText }] = await Promise.all([
    import('../wire-setup.js'),
    import('../doctor/examine.js'),
    import('../doctor/doctor-text.js'),
  ]);
  const { cwd, outside, options, signal } = invocation;
  const tools = await wireDoctor(outside, options.config);
  const diagnosis = await examine(tools, { cwd, outside, platform: process.platform }, signal);
  invocation.reporter.result(doctorText(diagnosis), diagnosis);
  return exitStatusOf(diagnosis);
}
