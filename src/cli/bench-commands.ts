/** `regen bench`: measurements that cost money. */
import type { Command } from 'commander';
import type { PackingBenchFlags } from './bench.js';
import type { Choose } from './program.js';

export function addBenchCommands(program: Command, choose: Choose): void {
  const bench = program
    .command('bench')
    .description('measure what settings are worth, on a labelled set of yours')
    .exitOverride();
  bench
    .command('packing')
    .description('quality and cost against the number of items in a call; recommends worker.count')
    .option('--set <file>', 'the labelled set: JSON lines {id, text, expected | accept}')
    .option('--sizes <list>', 'items in a call (default: 1,5,10,20,40)')
    .option('--models <list>', 'models to compare (default: worker.model)')
    .option('--target <target>', 'whose task and documents are sent (default: the first)')
    .option('--max-usd <amount>', 'make no call that could cost more than is left of this')
    .option('--exact', 'every blank counts when a result is compared with its label')
    .option('--check', 'measure again and compare: exit status 1 when something has become worse')
    .option('-o, --output <file>', 'where results are stored (default: .regen/bench/packing.json)')
    .action((options: PackingBenchFlags, command: Command) => {
      choose(async (invocation) => (await import('./bench.js')).benchPacking(invocation, options), command);
    });
}
