/** Dividing whole tokens among several, so that the parts add up to the whole. */
import type { Usage } from './usage.js';

/**
 * The whole in proportion to the weights, by largest remainders: whole numbers whose sum is the whole. Without any
 * weight everybody gets the same.
 *
 * @param whole - a whole number from 0 on, like the weights.
 */
export function apportion(whole: number, weights: readonly number[]): readonly number[] {
  const sum = BigInt(total(weights));
  if (sum === 0n) return weights.length === 0 ? [] : apportion(whole, Array<number>(weights.length).fill(1));
  // The products of two counts outgrow what a double holds exactly.
  const exact = weights.map((weight) => BigInt(whole) * BigInt(weight));
  const floors = exact.map((product) => Number(product / sum));
  const left = whole - total(floors);
  const byRemainder = exact
    .map((product, index) => ({ remainder: product % sum, index }))
    .sort((one, other) => (other.remainder > one.remainder ? 1 : other.remainder < one.remainder ? -1 : 0));
  const raised = new Set(byRemainder.slice(0, left).map(({ index }) => index));
  return floors.map((floor, index) => (raised.has(index) ? floor + 1 : floor));
}

/** One of so many equal parts: the same as `apportion` with equal weights, by itself. */
export function equalPart(whole: number, { at, of }: PartPlace): number {
  return Math.floor(whole / of) + (at < whole % of ? 1 : 0);
}

/** Which of how many parts, from 0 on. */
export interface PartPlace {
  readonly at: number;
  readonly of: number;
}

/** Every kind of token, and the requests, by themselves; the money in proportion, unrounded. */
export function apportionUsage(usage: Usage, weights: readonly number[]): readonly Usage[] {
  const parts = (count: number) => apportion(count, weights);
  const [requests, input, output] = [parts(usage.requests), parts(usage.input), parts(usage.output)];
  const [cacheRead, cacheWrite5m] = [parts(usage.cacheRead), parts(usage.cacheWrite5m)];
  const cacheWrite1h = parts(usage.cacheWrite1h);
  const sum = total(weights);
  return weights.map((weight, index) => ({
    requests: requests[index] ?? 0,
    input: input[index] ?? 0,
    output: output[index] ?? 0,
    cacheRead: cacheRead[index] ?? 0,
    cacheWrite5m: cacheWrite5m[index] ?? 0,
    cacheWrite1h: cacheWrite1h[index] ?? 0,
    costUsd:
      usage.costUsd === null ? null : (usage.costUsd * (sum === 0 ? 1 : weight)) / (sum || weights.length),
  }));
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
