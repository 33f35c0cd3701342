/** The bin: parse, one AbortSignal, one catch, set the exit status. */
import { surviveClosing } from './cli/closed-outputs.js';
import { helpFor } from './cli/help.js';

const argv = process.argv.slice(2);
surviveClosing(process.stdout);
surviveClosing(process.stderr);
const help = helpFor(argv);
if (help !== null) {
  process.stdout.write(help);
} else {
  process.exitCode = (await quickly()) ?? (await fully());
}

/** A short way for what is asked for most; null: there is none for this command line. */
async function quickly(): Promise<number | null> {
  if (!argv.includes('status')) return null;
  const { quickStatus } = await import('./cli/quick-status.js');
  return quickStatus(argv);
}

async function fully(): Promise<number> {
  const [{ runProgram }, { abortOnSignals }] = await Promise.all([
    import('./cli/program.js'),
    import('./cli/signals.js'),
  ]);
  return runProgram(argv, abortOnSignals());
}
