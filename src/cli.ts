/** The bin: parse, one AbortSignal, one catch, set the exit status. */
import { runProgram } from './cli/program.js';
import { abortOnSignals } from './cli/signals.js';

process.exitCode = await runProgram(process.argv.slice(2), abortOnSignals());
