/** What commander finds wrong with a command line, as an error that names the way out. */
import type { Command, CommanderError } from 'commander';
import { RegenError } from '../model/errors.js';
import { closest } from '../model/suggest.js';

/** @param program - after it has parsed: its `args` are what stood on the command line. */
export function usageError(error: CommanderError, program: Command): RegenError {
  const command = commandOf(program);
  const help = `See "${pathOf(command)} --help"`;
  switch (error.code) {
    case 'commander.help':
      return new RegenError('usage', `"${pathOf(command)}" needs a command`, {
        hint: `One of: ${command.commands.map((one) => one.name()).join(', ')}.`,
      });
    case 'commander.excessArguments':
      return command === program
        ? notACommand(program)
        : tooMuch(command, `${help}; several words go in quotes.`);
    case 'commander.unknownOption':
      return told(error, `${help}; a name that begins with a dash goes after "--".`);
    default:
      return told(error, `${help}.`);
  }
}

/** A target stands alone: with more behind it, the first word was meant to be a command. */
function notACommand({ args, commands }: Command): RegenError {
  const [word = '', ...rest] = args;
  const near = closest(
    word,
    commands.map((one) => one.name()),
  );
  return new RegenError('usage', `"${word}" is no command, and nothing may follow a target`, {
    hint:
      near === null
        ? 'See "regen --help"; several words go in quotes.'
        : `Did you mean "${['regen', near, ...rest].join(' ')}"?`,
  });
}

function tooMuch(command: Command, hint: string): RegenError {
  const extra = command.args.slice(command.registeredArguments.length);
  const words = extra.map((word) => JSON.stringify(word)).join(', ');
  return new RegenError('usage', `too much for "${pathOf(command)}": ${words}`, { hint });
}

/** commander writes `error: unknown option '--jsn'\n(Did you mean --json?)`. */
function told(error: CommanderError, otherwise: string): RegenError {
  const [message = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  return new RegenError('usage', message.replace(/\.$/, ''), {
    hint: suggestion?.replace(/^\(|\)$/g, '') ?? otherwise,
    cause: error,
  });
}

/** The command that was meant, as far as the words are known. */
function commandOf(command: Command): Command {
  const next = command.commands.find((one) => one.name() === command.args[0]);
  return next === undefined ? command : commandOf(next);
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
