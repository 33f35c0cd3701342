/** A limit in US dollars needs a price for every model that may be paid under it. */
import { auditSettings } from '../../model/audit-settings.js';
import type { Config, PriceOverrides } from '../../model/config.js';
import { listWords, showValue } from '../problem.js';
import type { ConfigPath, Problem } from '../problem.js';

/** Whether a model has a price, in the built-in table or over it: the prices are another station's. */
export type IsPriced = (model: string, prices: PriceOverrides) => boolean;

export function checkPrices(config: Config, isPriced: IsPriced): Problem[] {
  return [...unpricedEmbeddings(config), ...unpricedModels(config, isPriced)];
}

function unpricedModels(config: Config, isPriced: IsPriced): Problem[] {
  return paidModels(config).flatMap(({ model, path, limits }): Problem[] => {
    if (limits.length === 0 || isPriced(model, config.prices)) return [];
    const kept = `${listWords(limits, 'and')} can’t be kept`;
    const text = `${showValue(model)} has no price, so ${kept}; add it under prices (0 for what costs nothing), or take the limit out`;
    return [{ path, at: 'value', text }];
  });
}

/** Their price stands beside them. */
function unpricedEmbeddings({ budget, engine, retrieval }: Config): Problem[] {
  const { itemUsd, targetUsd, dayUsd } = budget;
  const limits = Object.entries({ itemUsd, targetUsd, dayUsd }).filter(([, limit]) => limit !== undefined);
  const embeddings = retrieval?.embeddings;
  if (
    engine !== 'worker' ||
    embeddings === undefined ||
    embeddings.usdPerMillionTokens !== undefined ||
    limits.length === 0
  )
    return [];
  const kept = listWords(
    limits.map(([key]) => `budget.${key}`),
    'and',
  );
  const text = `has no price, so ${kept} can’t be kept; add usdPerMillionTokens (0 for a model of your own), or take the limit out`;
  return [{ path: ['retrieval', 'embeddings'], at: 'key', text }];
}

interface PaidModel {
  readonly model: string;
  readonly path: ConfigPath;
  /** The keys that limit what is paid for it. */
  readonly limits: readonly string[];
}

function paidModels(config: Config): PaidModel[] {
  const { agent, audit, budget, evaluate } = config;
  const auditor = auditSettings(config);
  const { itemUsd, targetUsd, dayUsd } = budget;
  const limits = Object.entries({ itemUsd, targetUsd, dayUsd })
    .filter(([, limit]) => limit !== undefined)
    .map(([key]) => `budget.${key}`);
  const routed = routedModels(config).map((model) => ({ ...model, limits }));
  if (config.engine === 'worker') {
    const { model, maxUsd } = config.worker;
    const own = maxUsd === undefined ? limits : [...limits, 'worker.maxUsd'];
    return [
      { model, path: ['worker', 'model'], limits: own },
      ...routed.map((one) => ({ ...one, limits: own })),
    ];
  }
  return [
    { model: agent.model, path: ['agent', 'model'], limits },
    ...routed,
    ...fallbackModels(agent.command).map((fallback) => ({ ...fallback, limits })),
    ...(evaluate === undefined
      ? []
      : [
          {
            model: evaluate.model,
            path: ['evaluate', 'model'],
            limits: [...limits, 'evaluate.maxUsd'],
          },
        ]),
    ...(auditor === null
      ? []
      : [
          {
            model: auditor.model,
            path: typeof audit === 'object' && audit.model !== undefined ? ['audit', 'model'] : ['audit'],
            limits: [...limits, 'audit.maxUsd'],
          },
        ]),
  ];
}

/** The classifier is the first of them unless it is named. */
function routedModels({ routing }: Config): Pick<PaidModel, 'model' | 'path'>[] {
  if (routing === undefined) return [];
  const { models, classifier, classify } = routing;
  const isAsked = classify !== 'never' && !models.includes(classifier);
  return [
    ...models.map((model, index) => ({ model, path: ['routing', 'models', index] })),
    ...(isAsked ? [{ model: classifier, path: ['routing', 'classifier'] }] : []),
  ];
}

/** `--fallback-model NAME` or `--fallback-model=NAME` among the words of agent.command. */
function fallbackModels(command: readonly string[]): Pick<PaidModel, 'model' | 'path'>[] {
  return command.flatMap((word, index) => {
    const [flag, value] = word.split('=', 2);
    if (flag !== '--fallback-model') return [];
    const at = value === undefined ? index + 1 : index;
    const named = value ?? command[at];
    if (named === undefined || named === '') return [];
    return named.split(',').map((model) => ({ model: model.trim(), path: ['agent', 'command', at] }));
  });
}
