/** A limit in US dollars needs a price for every model that may be paid under it. */
import { auditSettings } from '../../model/audit-settings.js';
import type { Config, PriceOverrides } from '../../model/config.js';
import { listWords, showValue } from '../problem.js';
import type { ConfigPath, Problem } from '../problem.js';

/** Whether a model has a price, in the built-in table or over it: the prices are another station's. */
export type IsPriced = (model: string, prices: PriceOverrides) => boolean;

export function checkPrices(config: Config, isPriced: IsPriced): Problem[] {
  return paidModels(config).flatMap(({ model, path, limits }): Problem[] => {
    if (limits.length === 0 || isPriced(model, config.prices)) return [];
    const kept = `${listWords(limits, 'and')} can’t be kept`;
    const text = `${showValue(model)} has no price, so ${kept}; add it under prices (0 for what costs nothing), or take the limit out`;
    return [{ path, at: 'value', text }];
  });
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
  return [
    { model: agent.model, path: ['agent', 'model'], limits },
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
