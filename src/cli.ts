/** The bin: parse, one AbortSignal, one catch, set the exit status. */
import { helpFor } from './cli/help.js';

const argv = process.argv.slice(2);
const help = helpFor(argv);
if (help !== null) {
  process.stdout.write(help);
} else {
  const [{ runProgram }, { abortOnSignals }] = await Promise.all([
    import('./cli/program.js'),
    import('./cli/signals.js'),
  ]);
  process.exitCode = await runProgram(argv, abortOnSignals());
}
