/** The commands that look at what was paid, or will be, and change nothing. */
import type { Command } from 'commander';
import type { CostFlags } from './cost.js';
import type { ProfileFlags } from './profile.js';
import type { Choose } from './program.js';
import type { PromptFlags } from './prompt.js';
import type { ReportFlags } from './report.js';

export function addLookingCommands(program: Command, choose: Choose): void {
  addPromptCommand(program, choose);
  addCostCommand(program, choose);
  addProfileCommand(program, choose);
  addReportCommand(program, choose);
}

function addPromptCommand(program: Command, choose: Choose): void {
  program
    .command('prompt')
    .description('what would be sent: segments, tokens, where the cached prefix ends, what it costs')
    .argument('[what]', 'an item (default: the next one), or any prompt file')
    .option('--target <target>', 'the item’s target, when it isn’t the plan’s')
    .option('--wire', 'start the agent against a recorder on loopback and measure its request')
    .option('--requests <n>', 'requests per item (default: as the ledger has it)')
    .option('--model <model>', 'whose prices count for a file (default: sonnet)')
    .action((what: string | undefined, options: PromptFlags, command: Command) => {
      choose(
        async (invocation) => (await import('./prompt.js')).prompt(invocation, what ?? null, options),
        command,
      );
    });
}

function addCostCommand(program: Command, choose: Choose): void {
  program
    .command('cost')
    .description('what was paid and for what, what the cache saved, what the rest of the plan will take')
    .option('--by <what>', 'stage, item, target, model, session or day (default: stage)')
    .option('--since <when>', 'booked since then: an instant, a date, or how long ago (7d)')
    .option('--target <target>', 'of this target alone')
    .option('--plan <key>', 'of this plan alone: "current", or a folder of .regen/runs')
    .option('--csv', 'a CSV file on stdout (RFC 4180)')
    .action((options: CostFlags, command: Command) => {
      choose(async (invocation) => (await import('./cost.js')).cost(invocation, options), command);
    });
}

function addProfileCommand(program: Command, choose: Choose): void {
  program
    .command('profile')
    .description('where the tokens of sessions went, and what would have saved them')
    .argument('<what>', 'a transcript, a stream, a folder of them, an item or a run of regen, a session’s id')
    .option('--top <n>', 'the n dearest findings (default: 10; with --json all)')
    .action((what: string, options: ProfileFlags, command: Command) => {
      choose(
        async (invocation) => (await import('./profile.js')).profile(invocation, what, options),
        command,
      );
    });
}

function addReportCommand(program: Command, choose: Choose): void {
  program
    .command('report')
    .description('one self-contained HTML page: progress, cost, tokens, failures, forecast, with charts')
    .option('-o, --output <file>', 'where to write it, "-" for stdout (default: .regen/report.html)')
    .action((options: ReportFlags, command: Command) => {
      choose(async (invocation) => (await import('./report.js')).report(invocation, options), command);
    });
}
