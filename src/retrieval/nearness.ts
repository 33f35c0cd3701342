/** How close a query's vector is to the chunks'. Pure. */

export interface Near {
  readonly place: number;
  /**
   * How far it is on the way from what the query has in common with any chunk to sameness. 0 to 1. Cosines alone tell
   * nothing: unrelated texts have 0.1 with one model and 0.7 with another.
   */
  readonly nearness: number;
}

/** The nearest first. All vectors have the length 1, see `unitOf`, or none at all: those are near nothing. */
export function nearest(query: Float32Array, vectors: readonly Float32Array[]): readonly Near[] {
  const cosines = vectors.map((vector) => dot(query, vector));
  const usual = median(cosines);
  return cosines
    .map((cosine, place) => ({
      place,
      nearness: usual >= 1 ? 0 : clamp((cosine - usual) / (1 - usual)),
      cosine,
    }))
    .toSorted((left, right) => right.cosine - left.cosine || left.place - right.place)
    .map(({ place, nearness }) => ({ place, nearness }));
}

/** The vector in the length 1: services differ in whether they do it. */
export function unitOf(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  return length === 0 ? vector : vector.map((value) => value / length);
}

function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < left.length; at += 1) sum += (left[at] ?? 0) * (right[at] ?? 0);
  return sum;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
