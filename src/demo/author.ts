/** The demo's author: what the scripted model answers when it is asked to redo a renderer. */
import { finishedRenderer, rendererIds, type RendererId } from './catalog/renderers.js';
import { say, sayAndUse, use, type ScriptedReply } from './model/reply.js';
import type { ScriptedRequest } from './model/request.js';

/** What a request is about, read off the task. */
export interface Assignment {
  readonly target: string;
  readonly item: RendererId;
}

/** Null when the task isn't one of the sample repository's. */
export function assignmentOf(request: Pick<ScriptedRequest, 'firstMessage'>): Assignment | null {
  const [, target, name] = /charts\/([\w-]+)\/renderers\/([\w-]+)\.mjs/.exec(request.firstMessage) ?? [];
  const item = rendererIds.find((id) => id === name);
  return target === undefined || item === undefined ? null : { target, item };
}

/**
 * Reads, writes, says what it did. On the first chart, `template` forgets a theme and mends that when it is told, and
 * `tree` misreads the data and doesn't see it when it is told; everything else is right at once.
 */
export function author(request: ScriptedRequest): ScriptedReply {
  const assignment = assignmentOf(request);
  if (assignment === null) return say('There is nothing here that I have a script for.');
  return request.prompts.length === 1 ? write(assignment, request) : mend(assignment, request);
}

/** A slip on its first writing, and the edit that the author makes when it hears of it. */
interface Slip {
  readonly right: string;
  readonly wrong: string;
  readonly edit: { readonly old_string: string; readonly new_string: string };
  readonly excuse: string;
}

const slips: Readonly<Partial<Record<`${string}/${RendererId}`, Slip>>> = {
  'rainfall/template': {
    right: 'themes[theme]',
    wrong: 'themes.light',
    edit: { old_string: 'themes.light', new_string: 'themes[theme]' },
    excuse: 'The colours now follow the theme.',
  },
  'rainfall/tree': {
    right: 'Math.max(...points.map(({ value }) => value))',
    wrong: 'Math.max(...points.map(({ amount }) => amount))',
    edit: { old_string: 'Math.round(number * 10)', new_string: 'Math.round(Number(number) * 10)' },
    excuse: 'Coordinates are now turned into numbers before they are rounded.',
  },
};

function write({ target, item }: Assignment, { turnOfPrompt }: ScriptedRequest): ScriptedReply {
  const folder = `charts/${target}`;
  const file = `${folder}/renderers/${item}.mjs`;
  switch (turnOfPrompt) {
    case 1:
      return sayAndUse(
        'First the draft and the data.',
        { name: 'Read', input: { file_path: file } },
        { name: 'Read', input: { file_path: `${folder}/data.json` } },
      );
    case 2:
      return use({ name: 'Write', input: { file_path: file, content: firstWriting({ target, item }) } });
    default:
      return say(
        `The renderer ${item} of ${target} is written anew: both themes, title, labels, and a mark per point.`,
      );
  }
}

function firstWriting({ target, item }: Assignment): string {
  const slip = slips[`${target}/${item}`];
  const source = finishedRenderer(item);
  return slip === undefined ? source : source.replace(slip.right, slip.wrong);
}

function mend({ target, item }: Assignment, { turnOfPrompt }: ScriptedRequest): ScriptedReply {
  const slip = slips[`${target}/${item}`];
  if (slip === undefined) return say('I see nothing to mend.');
  if (turnOfPrompt > 1) return say(slip.excuse);
  const file = `charts/${target}/renderers/${item}.mjs`;
  return use({ name: 'Edit', input: { file_path: file, ...slip.edit } });
}
