/** Who works on the gallery: an author, a judge of pictures and one of copies. */
import { say, structured, use } from '../../src/demo/model/reply.js';
import type { Answer, ScriptedReply } from '../../src/demo/model/reply.js';
import type { ScriptedRequest } from '../../src/demo/model/request.js';
import { isJudge, judgedBy } from '../support/judge.js';
import { answerOf } from './catalog-judge.js';
import { drafts, implementations, opinions, tides, unasked } from './gallery.js';

/** Author, judge and auditor in one. */
export function galleryScript(): (request: ScriptedRequest) => ScriptedReply {
  const answers = Object.entries(opinions).map(([item, all]) => [item, all.map(answerOf)] as const);
  const judged = judgedBy(Object.fromEntries(answers), author);
  return (request) => {
    if (isAuditor(request)) return structured(findings);
    const reply = judged(request);
    return isJudge(request) && reply.kind === 'answer' ? withRules(reply, request) : reply;
  };
}

export function isAuditor({ firstMessage }: Pick<ScriptedRequest, 'firstMessage'>): boolean {
  return firstMessage.includes('# Cluster C1');
}

/** What the audit asks of the later copy. */
export const changeRequest =
  "the hours and metres equal altair's; choose another domain with numbers of its own.";

const findings = {
  clusters: [
    { id: 'C1', isCopy: true, items: ['altair', 'highcharts'], request: changeRequest },
    { id: 'C2', isCopy: true, items: ['altair', 'matplotlib'], request: 'choose another color.' },
  ],
};

/** The judge's answer with what it was asked besides the rubric: whether a change request is unmet. */
function withRules(reply: Answer, { body, firstMessage }: ScriptedRequest): Answer {
  const isUnmet = firstMessage.includes(tides);
  const rules = ruleIds(body).map((id) => [id, { applies: isUnmet, comment: 'Seen.' }] as const);
  const calls = reply.calls.map(({ name, input }) => ({
    name,
    input:
      name === 'StructuredOutput' && rules.length > 0
        ? { rules: Object.fromEntries(rules), ...input }
        : input,
  }));
  return { ...reply, calls };
}

/** By the schema of the answer. */
function ruleIds({ tools }: ScriptedRequest['body']): readonly string[] {
  const schema = tools.find(({ name }) => name === 'StructuredOutput')?.['input_schema'];
  const { properties } = schema as {
    readonly properties: { readonly rules?: { readonly properties: object } };
  };
  return Object.keys(properties.rules?.properties ?? {});
}

/** Reads, writes, and does what its message asks for; an item that was reviewed before is left as it is. */
function author(request: ScriptedRequest): ScriptedReply {
  const { firstMessage, prompts, turnOfPrompt } = request;
  const [file = '', item = ''] = new RegExp(`${implementations}/(\\w+)\\.mjs`).exec(firstMessage) ?? [];
  if (firstMessage.includes('<review ')) return say('It is as it should be.');
  if (prompts.length === 1 && turnOfPrompt === 1) return use({ name: 'Read', input: { file_path: file } });
  if (turnOfPrompt > (prompts.length === 1 ? 2 : 1)) return say('Drawn.');
  const isAsked = item !== 'highcharts' || firstMessage.includes('another domain');
  const content = isAsked ? (drafts[item]?.[prompts.length - 1] ?? '') : unasked;
  return use({ name: 'Write', input: { file_path: file, content } });
}
