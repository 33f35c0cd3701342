/** The part of the composition root for `prompt`: it needs a repository for items, and none for a file. */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { boilerplateOf } from './model/boilerplate.js';
import { cacheMinimum } from './model/cache-minimum.js';
import type { Ttl } from './model/cache-mode.js';
import type { Config } from './model/config.js';
import { RegenError } from './model/errors.js';
import type { FilePromptReport } from './model/prompt-file-report.js';
import type { ItemPromptReport, NoPromptReport, PackPromptReport } from './model/prompt-report.js';
import type { ExpectedRequests, TokenScale } from './model/prompt-scale.js';
import type { Prompt } from './model/prompt.js';
import { closest } from './model/suggest.js';
import type { Surroundings } from './model/surroundings.js';
import { analyseFile } from './prompt/analysis/file.js';
import { analysePrompt } from './prompt/analysis/item.js';
import type { OwnedPrompt } from './prompt/analysis/item.js';
import type { Money } from './prompt/analysis/money.js';
import { scaleOf, usualScale } from './prompt/analysis/scale.js';
import { cacheRows, expectedTtl } from './step/expected-ttl.js';
import type { Planner } from './step/decide-plan.js';
import { sentCharacters } from './step/prompt-sizes.js';
import { promptSubject, subjectPrompts } from './step/prompt-subject.js';
import type { PromptSubject, SubjectPrompts, SubjectRequest } from './step/prompt-subject.js';
import { createLedger } from './usage/ledger.js';
import { readPromptHistory } from './usage/prompt-history.js';
import type { FirstRequest, PromptHistory } from './usage/prompt-history.js';
import { createRates } from './usage/rates.js';
import { wirePlanner } from './wire.js';

export interface ItemRequest extends SubjectRequest {
  readonly configFile: string | undefined;
  /** `--requests`; null: as the ledger has it. */
  readonly requests: number | null;
  readonly wire: boolean;
}

/** Assumed of an item when the ledger has none. */
const usualRequests = 14;

/** Other items and targets that the prompt is compared with; more would say the same. */
const mostItems = 50;
const mostTargets = 8;

/** First requests that the scale is drawn from: the latest. */
const mostSamples = 20;

export async function promptOfItem(
  surroundings: Surroundings,
  request: ItemRequest,
  signal: AbortSignal,
): Promise<ItemPromptReport | PackPromptReport | NoPromptReport> {
  const planner = await wirePlanner(surroundings, request.configFile);
  const subject = await promptSubject(planner, request, signal);
  if (subject.kind === 'none') return subject;
  const { config } = planner;
  if (config.engine === 'worker')
    return (await import('./wire-prompt-pack.js')).promptOfPack(
      surroundings,
      { ...request, subject },
      signal,
    );
  const prompts = subjectPrompts(planner, subject);
  const prompt = await prompts.of(subject.item, signal);
  const history = await readPromptHistory(surroundings.root, subject);
  const model = billedModel(config.agent.model, history);
  const wire = request.wire
    ? await (
        await import('./wire-measure.js')
      ).measureRequest(surroundings, config, { ...subject, prompt, configFile: request.configFile }, signal)
    : null;
  return analysePrompt({
    ...{ target: subject.target, item: subject.item, base: subject.tree.sha, agent: config.agent, prompt },
    ttl: await ttlOf(planner, subject, prompt),
    minimum: cacheMinimum(wire?.model ?? model, config.cache),
    money: moneyOf(wire?.model ?? model, config.prices, surroundings.now()),
    scale: await scaleFor(planner, history),
    requests: expectedRequests(request.requests, history),
    itemsLeft: Math.max(1, subject.left.length),
    ...(await comparedPrompts(subject, prompts, signal)),
    wire,
  });
}

export interface FileRequest {
  /** As it stands on the command line. */
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  readonly requests: number | null;
  readonly model: string | null;
  readonly now: Date;
}

/** Any text: no repository and no regen.yaml take part. */
export async function promptOfFile(request: FileRequest): Promise<FilePromptReport> {
  const model = request.model ?? 'sonnet';
  const { requests } = request;
  return analyseFile({
    file: request.name,
    text: await textOf(request),
    scale: usualScale,
    requests: expectedRequests(requests, { first: [], requests: null }),
    minimum: cacheMinimum(model, null),
    money: moneyOf(model, {}, request.now),
  });
}

/** Whether there is a file of that name; folders aren't prompts. */
export async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** The error of a file that isn't there, with the name that was meant. */
export async function noSuchFile({ name, file }: Pick<FileRequest, 'name' | 'file'>): Promise<RegenError> {
  const beside = await readdir(path.dirname(file)).catch(() => []);
  const near = closest(path.basename(file), beside);
  const known = near === null ? null : path.join(path.dirname(name), near);
  return new RegenError('usage', `there is no file ${name}`, {
    hint: known === null ? 'Name an item of the plan, or a prompt file.' : `Did you mean "${known}"?`,
  });
}

async function textOf({ name, file }: FileRequest): Promise<string> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new RegenError('usage', `${name} can’t be read`, { cause, hint: 'Name a text file.' });
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new RegenError('usage', `${name} is not UTF-8 text`, { cause, hint: 'Name a text file.' });
  }
}

/** An alias stands for what the binary makes of it, which the last bill tells. */
function billedModel(model: string, { first }: PromptHistory): string {
  const last = first.at(-1)?.model;
  return last?.includes(`-${model}-`) === true ? last : model;
}

/** As the step would decide it. */
async function ttlOf(
  { config, surroundings }: Planner,
  subject: PromptSubject,
  prefix: Pick<Prompt, 'prefix' | 'prefixHash'>,
): Promise<Ttl> {
  const ledger = createLedger({ surroundings, prices: config.prices });
  const characters = boilerplateOf(config.agent).prefix + prefix.prefix.length;
  const { ttl } = expectedTtl({
    config,
    run: { stage: 'agent', model: config.agent.model, prefixHash: prefix.prefixHash },
    rows: await cacheRows(ledger, { plan: subject.plan ?? '', target: subject.target }),
    estimate: Math.round(characters / usualScale.charactersPerToken),
    price: (model, tokens) => ledger.price(model, tokens, surroundings.now()),
  });
  return ttl;
}

/** Prices of the day. */
export function moneyOf(model: string, prices: Config['prices'], now: Date): Money {
  const rates = createRates(prices);
  const at = now.toISOString();
  return { model, asOf: at.slice(0, 10), rate: (tokens) => rates(model, tokens, at) };
}

function expectedRequests(asked: number | null, history: PromptHistory): ExpectedRequests {
  if (asked !== null) return { count: asked, source: 'flag', items: 0 };
  return history.requests ?? { count: usualRequests, source: 'assumed', items: 0 };
}

async function scaleFor({ config, surroundings }: Planner, { first }: PromptHistory): Promise<TokenScale> {
  const isOwn = ({ model }: FirstRequest): boolean => model === first.at(-1)?.model;
  const latest = first.filter(isOwn).slice(-mostSamples);
  const samples = await Promise.all(
    latest.map(async (run) => ({
      characters: await sentCharacters(surroundings, run),
      tokens: run.promptTokens,
    })),
  );
  const known = samples.flatMap(({ characters, tokens }) =>
    characters === null || tokens === 0 ? [] : [{ characters, tokens }],
  );
  return scaleOf(known, config.agent);
}

async function comparedPrompts(
  subject: PromptSubject,
  prompts: SubjectPrompts,
  signal: AbortSignal,
): Promise<{ readonly others: readonly OwnedPrompt[]; readonly elsewhere: readonly OwnedPrompt[] }> {
  const { target } = subject;
  const others: OwnedPrompt[] = [];
  for (const item of subject.items.filter((id) => id !== subject.item).slice(0, mostItems)) {
    const prompt = await ifThere(prompts.of(item, signal));
    if (prompt !== null) others.push({ target, item, prompt });
  }
  const elsewhere: OwnedPrompt[] = [];
  for (const other of subject.otherTargets.slice(0, mostTargets)) {
    const found = await ifThere(prompts.ofTarget(other, signal));
    if (found !== null) elsewhere.push({ target: other, ...found });
  }
  return { others, elsewhere };
}

/** A prompt that can't be built is no reason to say nothing of another. */
async function ifThere<Found>(building: Promise<Found>): Promise<Found | null> {
  try {
    return await building;
  } catch (error) {
    if (error instanceof RegenError && error.code === 'config') return null;
    throw error;
  }
}
