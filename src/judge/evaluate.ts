/** What an item is worth: what the judge is asked, and what its answer comes to. The run itself is the agent's. */
import type { Attempt, ItemRef } from '../model/attempt.js';
import type { BaseTree } from '../model/base-tree.js';
import type { Config } from '../model/config.js';
import { hashOf } from '../system/content-hash.js';
import { cut } from '../model/excerpt.js';
import type { FileToOpen } from '../model/file-read.js';
import { oneLine } from '../model/one-line.js';
import type { Rubric } from '../model/rubric.js';
import type { Surroundings } from '../model/surroundings.js';
import { fillTemplate } from '../model/template.js';
import type { Evaluation, Verdict } from '../model/verdict.js';
import { createMask } from '../system/mask.js';
import { answerJsonSchema } from './answer-schema.js';
import { filesToOpen, findAttachments, readItemFiles } from './exhibit.js';
import { judgeCorrection, judgeMessage, judgePrefix } from './question.js';
import type { NamedText } from './question.js';
import { rejectedByFiles } from './file-rules.js';
import { requestRules } from './requests.js';
import { readRubric } from './rubric.js';
import { judgedRules, rejection } from './rules.js';
import { scoreAnswer, verdictOf } from './score.js';

/** Model text goes into metadata, logs and the agent's next message: a sentence is enough. */
const longestText = 1000;

export interface JudgeParts {
  readonly surroundings: Surroundings;
  readonly config: Config;
}

interface Judged {
  readonly attempt: Attempt;
  /** The worktree's absolute path. */
  readonly cwd: string;
  readonly artifacts: string;
  readonly tree: BaseTree;
  /** Paths in the worktree. */
  readonly files: readonly string[];
  readonly changeRequests: readonly string[];
}

type Question =
  | {
      readonly kind: 'question';
      readonly rubric: Rubric;
      readonly prefix: string;
      readonly prefixHash: string;
      readonly message: string;
      readonly schema: Readonly<Record<string, unknown>>;
      readonly folders: readonly string[];
      readonly toOpen: readonly FileToOpen[];
    }
  | { readonly kind: 'rejected'; readonly evaluation: Evaluation }
  | { readonly kind: 'incomplete'; readonly reason: string };

type Judgement =
  | { readonly kind: 'judged'; readonly evaluation: Evaluation }
  | { readonly kind: 'malformed'; readonly problems: readonly string[] };

interface JudgeStation {
  rubric(ref: ItemRef, tree: BaseTree, signal: AbortSignal): Promise<Rubric>;
  question(judged: Judged, signal: AbortSignal): Promise<Question>;
  judge(rubric: Rubric, answer: unknown, review: number): Judgement;
  verdict(evaluation: Evaluation, review: number): Verdict;
  correction(problems: readonly string[]): string;
}

/** The judge of a config that evaluates; any other has nothing to ask it. */
export function createJudge({ surroundings, config }: JudgeParts): JudgeStation {
  const mask = createMask(surroundings.env);
  const readConfigured = (ref: ItemRef, tree: BaseTree, signal: AbortSignal) =>
    readRubric(fillTemplate(evaluationOf(config).rubric, idsOf(ref)), tree, signal);
  const verdictIn = (review: number, scores: Pick<Evaluation, 'score' | 'rules'>): Verdict => {
    const { accept, reject } = evaluationOf(config);
    return verdictOf(scores, { accept: accept[Math.min(review, accept.length - 1)] ?? 100, reject });
  };
  return {
    rubric: readConfigured,
    async question(judged, signal) {
      const rubric = await readConfigured(judged.attempt, judged.tree, signal);
      return ask(config, rubric, judged, signal);
    },
    judge(rubric, answer, review) {
      const scored = scoreAnswer(
        rubric,
        mapTexts(answer, (text) => cut(oneLine(mask(text)), longestText)),
      );
      if (scored.kind === 'malformed') return scored;
      const { scores } = scored;
      return { kind: 'judged', evaluation: { ...scores, verdict: verdictIn(review, scores) } };
    },
    verdict: (evaluation, review) => verdictIn(review, evaluation),
    correction: judgeCorrection,
  };
}

async function ask(config: Config, rubric: Rubric, judged: Judged, signal: AbortSignal): Promise<Question> {
  const ids = idsOf(judged.attempt);
  const { artifacts, cwd } = judged;
  const rules = await rejectedByFiles(rubric, { artifacts, cwd, values: ids });
  if (rules.length > 0) return { kind: 'rejected', evaluation: rejection(rules) };
  const wanted = evaluationOf(config).attach.map((path) => fillTemplate(path, ids));
  const attached = await findAttachments(judged.artifacts, wanted);
  if (attached.kind === 'missing') {
    return { kind: 'incomplete', reason: `no check produced ${attached.path} (evaluate.attach)` };
  }
  const asked = await readTargetTexts(config, judged, signal);
  const shown = await readItemFiles(judged.cwd, withoutMetadata(config, judged));
  const prefix = judgePrefix(rubric, asked);
  const requests = requestRules(rubric, judged.changeRequests);
  const own: Rubric = { ...rubric, reject: [...rubric.reject, ...requests] };
  return {
    kind: 'question',
    rubric: own,
    prefix,
    prefixHash: hashOf(prefix),
    message: judgeMessage({
      ...{ ...ids, worktree: judged.cwd, ...shown, attachments: attached.paths },
      requests: judgedRules({ ...rubric, caps: [], reject: requests }),
    }),
    schema: answerJsonSchema(own),
    folders: attached.paths.length === 0 ? [] : [judged.artifacts],
    toOpen: await filesToOpen(
      { worktree: judged.cwd, artifacts: judged.artifacts },
      attached.paths,
      shown.toOpen,
    ),
  };
}

/** The record is the result of an evaluation: last time's would only tempt the judge to repeat it. */
function withoutMetadata({ record }: Config, { attempt, files }: Judged): readonly string[] {
  const metadata = record?.metadata === undefined ? null : fillTemplate(record.metadata, idsOf(attempt));
  return files.filter((path) => path !== metadata);
}

async function readTargetTexts(
  { prompt }: Config,
  { attempt, tree }: Judged,
  signal: AbortSignal,
): Promise<readonly NamedText[]> {
  const texts: NamedText[] = [];
  const paths = prompt.target.map((path) => fillTemplate(path, { target: attempt.target }));
  await tree.read(
    paths,
    (path, content) => {
      if (content !== null) texts.push({ path, text: content.toString('utf8') });
    },
    signal,
  );
  return texts;
}

function evaluationOf({ evaluate }: Config): NonNullable<Config['evaluate']> {
  if (evaluate === undefined) throw new Error('nothing is evaluated without an evaluate section');
  return evaluate;
}

function idsOf({ target, item }: ItemRef): { target: string; item: string } {
  return { target, item };
}

/** The same data with every text changed; keys stay. */
function mapTexts(data: unknown, change: (text: string) => string): unknown {
  if (typeof data === 'string') return change(data);
  if (Array.isArray(data)) return data.map((each) => mapTexts(each, change));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, mapTexts(value, change)]));
}
