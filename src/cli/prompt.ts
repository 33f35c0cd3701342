/** `regen prompt`: what would be sent, where the cached prefix ends, what it costs, and what would make it cheaper. */
import path from 'node:path';
import type { Invocation } from './invocation.js';
import { RegenError } from '../model/errors.js';
import type { PromptReport } from '../model/prompt-report.js';
import { promptText } from '../report/prompt-text.js';
import { isFile, noSuchFile, promptOfFile, promptOfItem } from '../wire-prompt.js';

/** As they stand on the command line. */
export interface PromptFlags {
  readonly target?: string;
  readonly wire?: boolean;
  readonly requests?: string;
  readonly model?: string;
}

export async function prompt(
  invocation: Invocation,
  what: string | null,
  flags: PromptFlags,
): Promise<number> {
  const requests = flags.requests === undefined ? null : countNamed(flags.requests);
  const report = await reportOf(invocation, what, { ...flags, requests });
  invocation.reporter.result(promptText(report), report);
  return 0;
}

interface NamedFile {
  readonly name: string;
  /** Absolute. */
  readonly file: string;
}

type Question = Omit<PromptFlags, 'requests'> & { readonly requests: number | null };

/** An item's name wins over a file's, unless it is written as a path. */
async function reportOf(
  invocation: Invocation,
  what: string | null,
  question: Question,
): Promise<PromptReport> {
  const file = what === null ? null : path.resolve(invocation.cwd, what);
  const isThere = file !== null && question.target === undefined && (await isFile(file));
  if (what === null || file === null) return ofItem(invocation, what, question);
  const named = { name: what, file };
  const isPath = /^\.{0,2}\//.test(what);
  if (!isThere && isPath) throw await noSuchFile(named);
  if (!isThere) return ofItemOnly(invocation, named, question);
  if (isPath) return ofFile(invocation, named, question);
  try {
    return await ofItem(invocation, what, question);
  } catch (error) {
    // No such item, no regen.yaml, no repository: the file needs none of them.
    const isAboutItems = error instanceof RegenError && error.code !== 'interrupted' && error.code !== 'bug';
    if (!isAboutItems) throw error;
    return ofFile(invocation, named, question);
  }
}

/** Outside of a repository nothing but a file can have been meant. */
async function ofItemOnly(
  invocation: Invocation,
  named: NamedFile,
  question: Question,
): Promise<PromptReport> {
  const isInside = await invocation.surroundings().then(
    () => true,
    () => false,
  );
  if (!isInside) throw await noSuchFile(named);
  return ofItem(invocation, named.name, question);
}

async function ofItem(
  invocation: Invocation,
  item: string | null,
  question: Question,
): Promise<PromptReport> {
  if (question.model !== undefined) {
    throw new RegenError('usage', '--model is for a file; an item has the model of regen.yaml', {
      hint:
        item === null
          ? 'Name a file: regen prompt FILE --model NAME.'
          : `There is no file "${item}" here; set agent.model in regen.yaml for items.`,
    });
  }
  const { target = null, wire = false, requests } = question;
  const configFile = invocation.options.config;
  const surroundings = await invocation.surroundings();
  return promptOfItem(surroundings, { item, target, wire, requests, configFile }, invocation.signal);
}

function ofFile(
  { outside }: Invocation,
  named: NamedFile,
  { wire, requests, model }: Question,
): Promise<PromptReport> {
  if (wire === true) {
    throw new RegenError('usage', `--wire sends an item’s request, and ${named.name} is a file`, {
      hint: 'Name an item, or leave --wire out.',
    });
  }
  return promptOfFile({ ...named, requests, model: model ?? null, now: outside.now() });
}

function countNamed(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new RegenError('usage', `--requests takes a count from 1 on, not ${JSON.stringify(text)}`, {
    hint: 'For example: --requests 14',
  });
}
