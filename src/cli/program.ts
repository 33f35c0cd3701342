/** The commands and their flags. Nothing heavy is imported before an action needs it. */
import { Command, CommanderError } from 'commander';
import { version } from './version.js';
import { createInvocation } from './invocation.js';
import type { CommonOptions, Invocation } from './invocation.js';
import { reportError } from './problem.js';
import type { RunFlags } from './run.js';
import { addBatchCommands } from './batch-commands.js';
import { addBenchCommands } from './bench-commands.js';
import { addLookingCommands } from './looking-commands.js';
import { createReporter } from './reporter.js';
import { usageError } from './usage-error.js';

/** What a command's action returns: the exit status. */
export type Action = (invocation: Invocation) => Promise<number>;

/** Runs the command line; returns the exit status and never throws. */
export async function runProgram(argv: readonly string[], signal: AbortSignal): Promise<number> {
  let chosen: { action: Action; options: CommonOptions } | null = null;
  const program = buildProgram((action, command) => {
    chosen = { action, options: command.optsWithGlobals() };
  });
  const commands = program.commands.map((command) => command.name());
  // Told before parsing, which may fail; what follows "--" are names.
  const flags = new Set(argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv);
  const reporter = createReporter({
    json: flags.has('--json') || flags.has('--jsonl'),
    quiet: flags.has('--quiet'),
    verbose: flags.has('--verbose'),
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    const { action, options } = chosenOf(chosen);
    return await action(await createInvocation(options, reporter, signal, commands));
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof CommanderError) return reportError(reporter, usageError(error, program));
    return reportError(reporter, signal.aborted ? signal.reason : error);
  }
}

// TypeScript doesn't see that the callback assigns.
function chosenOf(chosen: { action: Action; options: CommonOptions } | null) {
  if (chosen === null) throw new Error('commander ran no action');
  return chosen;
}

/** Told which action was asked for. */
export type Choose = (action: Action, command: Command) => void;

/** Every command with its flags; `choose` is told which action was asked for. */
export function buildProgram(choose: Choose): Command {
  const program = new Command('regen')
    .description(
      'Redo many pieces of the same kind, one headless agent step per invocation, read off .regen-plan.md.',
    )
    .argument('[target]', 'the target to plan, or the plan’s own')
    .version(version, '-V, --version')
    .option('--json', 'one JSON document on stdout')
    .option('--cwd <dir>', 'run as if called there')
    .option('--config <file>', 'another file than regen.yaml')
    .option('--quiet', 'no progress on stderr')
    .option('--verbose', 'each effect on stderr, as the journal has it')
    .option('--no-wait-state', 'try a step now, whatever an earlier one had to wait for')
    // 80 columns whatever the terminal: these texts are written once, when regen is built.
    .configureHelp({ showGlobalOptions: true, helpWidth: 80 })
    .configureOutput({ outputError: () => undefined, writeErr: () => undefined })
    .exitOverride()
    .action((target: string | undefined, _options, command: Command) => {
      choose(async (invocation) => (await import('./step.js')).step(invocation, target ?? null), command);
    });
  addPlanCommands(program, choose);
  addEditCommands(program, choose);
  addItemCommands(program, choose);
  addLookingCommands(program, choose);
  addBatchCommands(program, choose);
  addBenchCommands(program, choose);
  addHelperCommands(program, choose);
  return program;
}

interface PlanOptions {
  readonly dryRun?: boolean;
  readonly explain?: boolean;
  readonly requests?: boolean;
}

function addPlanCommands(program: Command, choose: Choose): void {
  program
    .command('run')
    .description('steps until the target is done, each a process of its own')
    .option('--max-steps <n>', 'begin no step after so many')
    .option('--max-usd <amount>', 'begin no step once so much is spent')
    .option('--max-minutes <n>', 'begin no step after so long')
    .option('--targets <n>', 'go on with the next targets until so many are archived')
    .option('--jobs <n>', 'items at once, each in its worktree (default: 1)')
    .option('--wait', 'sleep through what would end the run with exit status 75')
    .option('--jsonl', 'a JSON line for each step as it ends, the document of --json as the last')
    .action((options: RunFlags, command: Command) => {
      choose(async (invocation) => (await import('./run.js')).run(invocation, options), command);
    });
  program
    .command('plan')
    .description('plan mode only: pick a target and write its checklist')
    .argument('[target]')
    .option('--dry-run', 'print the plan and write nothing')
    .option('--explain', 'say why this target and not another')
    .option('--requests', 'change requests come as JSON on stdin, and no model audits: [{"item", "text"}]')
    .action((target: string | undefined, options: PlanOptions, command: Command) => {
      const request = {
        target: target ?? null,
        dryRun: options.dryRun === true,
        explain: options.explain === true,
        requests: options.requests === true,
      };
      choose(async (invocation) => (await import('./plan.js')).plan(invocation, request), command);
    });
  program
    .command('status')
    .description('where the plan stands: items, what is running, tokens, cost, what comes next')
    .action((_options, command: Command) => {
      choose(async (invocation) => {
        const [{ status }, { readHeading }] = await Promise.all([
          import('./status.js'),
          import('../wire-heading.js'),
        ]);
        return status(invocation, readHeading);
      }, command);
    });
}

function addEditCommands(program: Command, choose: Choose): void {
  program
    .command('retry')
    .description('set items back to [ ]')
    .argument('[items...]')
    .option('--failed', 'every item marked [!]')
    .option('--adopt', 'let the next attempt take over a branch that another clone of regen made')
    .action((items: string[], options: { failed?: boolean; adopt?: boolean }, command: Command) => {
      const request = { items, failed: options.failed === true, adopt: options.adopt === true };
      choose(async (invocation) => (await import('./retry.js')).retry(invocation, request), command);
    });
  program
    .command('skip')
    .description('leave an item out: [-], with the reason in the log')
    .argument('<item>')
    .argument('[reason]')
    .action((item: string, reason: string | undefined, _options, command: Command) => {
      choose(
        async (invocation) => (await import('./skip.js')).skip(invocation, item, reason ?? null),
        command,
      );
    });
  program
    .command('abandon')
    .description('archive the plan as it stands and clean up')
    .action((_options, command: Command) => {
      choose(async (invocation) => (await import('./abandon.js')).abandon(invocation), command);
    });
}

function addItemCommands(program: Command, choose: Choose): void {
  const item = program
    .command('item')
    .description('the stages one by one, for an agent session that does the work itself')
    .exitOverride();
  const stages = {
    start: 'lease an item (the one named, or the next) and prepare its worktree',
    check: 'run the checks on what the session wrote',
    evaluate: 'have it scored: by the judge, or by an evaluation that comes as JSON on stdin',
    record: 'write metadata and header',
    publish: 'publish the artifacts',
    ship: 'commit, push, pull request, labels, tick',
  } as const;
  for (const [stage, description] of Object.entries(stages)) {
    const command = item
      .command(stage)
      .description(description)
      .argument('[item]')
      .option('--token <token>', 'the lease’s token, from "regen item start"')
      .action((id: string | undefined, options: { token?: string; question?: boolean }, chosen: Command) => {
        const request = { item: id ?? null, token: options.token ?? null };
        choose(async (invocation) => {
          const { itemQuestion, itemStage } = await import('./item.js');
          if (options.question === true) return itemQuestion(invocation, request);
          return itemStage(invocation, stage, request);
        }, chosen);
      });
    if (stage === 'evaluate') command.option('--question', 'print what a reviewer is asked, and ask nobody');
  }
  item
    .command('fail')
    .description('give the item up: [!], with the reason in the log')
    .argument('<item>')
    .argument('<reason>')
    .option('--token <token>', 'the lease’s token, from "regen item start"')
    .action((id: string, reason: string, options: { token?: string }, command: Command) => {
      const request = { item: id, token: options.token ?? null, reason };
      choose(async (invocation) => (await import('./item.js')).itemFail(invocation, request), command);
    });
}

function addHelperCommands(program: Command, choose: Choose): void {
  program
    .command('doctor')
    .description(
      'git, remote, claude, credentials, config, ignored files: what is missing and how to mend it',
    )
    .action((_options, command: Command) => {
      choose(async (invocation) => (await import('./doctor.js')).doctor(invocation), command);
    });
  program
    .command('init')
    .description('write regen.yaml, ignore entries and the slash command into this repository')
    .action((_options, command: Command) => {
      choose(async (invocation) => (await import('./init.js')).init(invocation), command);
    });
  program
    .command('mcp')
    .description('the MCP server that a step’s agent talks to (stdio); --control is for a client of yours')
    .option('--control', 'tools for a client: step, status, cost')
    .action((options: { control?: boolean }, command: Command) => {
      choose(
        async (invocation) => (await import('./mcp.js')).mcp(invocation, options.control === true),
        command,
      );
    });
  program
    .command('demo')
    .description('the whole cycle on a sample repository: no account, no network')
    .option('--keep', 'keep the sample repository')
    .action((options: { keep?: boolean }, command: Command) => {
      choose(
        async (invocation) => (await import('./demo.js')).demo(invocation, options.keep === true),
        command,
      );
    });
}
