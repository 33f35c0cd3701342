/** The texts of `--help`, by command: the build asks for them, so that showing one loads no parser. */
import type { Command } from 'commander';
import { buildProgram } from './program.js';

/** `''` is regen itself, `item start` a command below a command. */
export function helpTexts(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    textsOf(
      buildProgram(() => undefined),
      '',
    ),
  );
}

function textsOf(command: Command, path: string): [string, string][] {
  const below = command.commands.flatMap((one) => textsOf(one, `${path} ${one.name()}`.trim()));
  return [[path, command.helpInformation()], ...below];
}
