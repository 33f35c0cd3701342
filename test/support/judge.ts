/** A judge for scripted models: it opens every attachment, then gives its next answer about the item. */
import { structured, use } from '../../src/demo/model/reply.js';
import type { ScriptedReply } from '../../src/demo/model/reply.js';
import type { ScriptedRequest } from '../../src/demo/model/request.js';

type Answer = Readonly<Record<string, unknown>>;

/** By item, in the order in which they are given; the last one is given again. */
export type Answers = Readonly<Record<string, readonly Answer[]>>;

/** By item, in how many turns of a session its attachments aren't opened. */
type Blindness = Readonly<Record<string, number>>;

/** Whoever is asked for structured output is the judge; everybody else is the author. */
export function judgedBy(
  answers: Answers,
  author: (request: ScriptedRequest) => ScriptedReply,
  blind: Blindness = {},
): (request: ScriptedRequest) => ScriptedReply {
  const given = new Map<string, number>();
  return (request) => {
    if (!isJudge(request)) return author(request);
    const item = /- Item: `(.*)`/.exec(request.firstMessage)?.[1] ?? '';
    const attachments = attachmentsIn(request.firstMessage);
    const looks = request.turnOfPrompt === 1 && request.prompts.length === (blind[item] ?? 0) + 1;
    if (looks && attachments.length > 0) {
      return use(...attachments.map((file_path) => ({ name: 'Read', input: { file_path } })));
    }
    const own = answers[item] ?? [];
    const index = given.get(item) ?? 0;
    given.set(item, index + 1);
    return structured(own[Math.min(index, own.length - 1)] ?? {});
  };
}

export function isJudge(request: ScriptedRequest): boolean {
  return request.tools.includes('StructuredOutput');
}

function attachmentsIn(message: string): string[] {
  const list = /# Attachments[^\n]*\n\n((?:- .*\n?)+)/.exec(message)?.[1] ?? '';
  return [...list.matchAll(/^- (.*)$/gm)].flatMap((match) => match[1] ?? []);
}
