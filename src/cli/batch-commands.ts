/** `regen batch`: what is asked for in a batch of the provider's. */
import type { Command } from 'commander';
import type { Choose } from './program.js';

export function addBatchCommands(program: Command, choose: Choose): void {
  const batch = program
    .command('batch')
    .description('packs that were handed off as a batch (worker.mode)')
    .exitOverride();
  batch
    .command('collect')
    .description('fetch a finished batch now, for a relay that was told of its end; 75 while it is at work')
    .argument('<id>', 'the batch’s id, as the plan’s log has it')
    .action((id: string, _options, command: Command) => {
      choose(async (invocation) => (await import('./batch.js')).collectBatch(invocation, id), command);
    });
}
