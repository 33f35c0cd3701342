/** The part of the composition root for `prompt` with `engine: worker`. */
import { cacheMinimum } from './model/cache-minimum.js';
import type { Ttl } from './model/cache-mode.js';
import { RegenError } from './model/errors.js';
import type { NoPromptReport, PackPromptReport } from './model/prompt-report.js';
import type { TokenScale } from './model/prompt-scale.js';
import type { Surroundings } from './model/surroundings.js';
import { analysePack } from './prompt/analysis/pack.js';
import { expectedTtl } from './step/expected-ttl.js';
import { packSubject } from './step/pack-subject.js';
import type { PackSubject } from './step/pack-subject.js';
import type { PromptSubject } from './step/prompt-subject.js';
import type { Line } from './step/stage.js';
import { batchFactor } from './usage/price-table.js';
import { moneyOf } from './wire-prompt.js';
import type { ItemRequest } from './wire-prompt.js';
import { wireLine } from './wire.js';

export interface PackRequest extends ItemRequest {
  /** The target, and which of its items are left. */
  readonly subject: PromptSubject;
}

export async function promptOfPack(
  surroundings: Surroundings,
  request: PackRequest,
  signal: AbortSignal,
): Promise<PackPromptReport | NoPromptReport> {
  if (request.requests !== null) {
    throw new RegenError('usage', '--requests is about sessions, and a pack is one request', {
      hint: 'Leave it out: how many calls the plan needs is told.',
    });
  }
  const line = await wireLine(surroundings, request.configFile);
  const pack = await packSubject(line, request.subject, { asked: request.item, signal });
  if (pack.kind === 'none') return pack;
  const { config } = line;
  const ttl = ttlOf(line, pack);
  const { model, members } = pack;
  const wire = request.wire
    ? await (await import('./wire-measure.js')).measurePack(surroundings, config, { ...pack, ttl }, signal)
    : null;
  const now = surroundings.now();
  return analysePack({
    ...{ target: pack.target, items: members, base: pack.base, model, prompt: pack.prompt, wire },
    ...{ prefixTokens: pack.prefixTokens, calls: pack.calls, singles: pack.singles, own: pack.own },
    scale: scaleOf(pack),
    caching: {
      ttl,
      minimum: (name) => cacheMinimum(name, config.cache),
      factor: pack.isBatch ? batchFactor : 1,
    },
    money: (name) => moneyOf(name, config.prices, now),
  });
}

function scaleOf({ scale, samples }: PackSubject): TokenScale {
  return {
    charactersPerToken: Math.round(scale.charactersPerToken * 100) / 100,
    source: samples > 0 ? 'ledger' : 'usual',
    requests: samples,
  };
}

/** As the step would decide it. */
function ttlOf({ config, stations, surroundings }: Line, pack: PackSubject): Ttl {
  const { model, prompt, rows, prefixTokens, scale } = pack;
  const { ttl } = expectedTtl({
    ...{ config, rows, run: { stage: 'worker', model, prefixHash: prompt.prefixHash, kind: 'api' } },
    estimate: prefixTokens ?? Math.round(prompt.prefix.length / scale.charactersPerToken),
    price: (name, tokens) => stations.ledger.price(name, tokens, surroundings.now()),
  });
  return ttl;
}
