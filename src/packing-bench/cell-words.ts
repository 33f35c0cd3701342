/** A cell in words. Pure. */
import type { PackingCell } from '../model/packing-bench.js';
import { agreementOf } from './cell.js';

export function cellName({ model, size }: Pick<PackingCell, 'model' | 'size'>): string {
  return `${model} at ${size} per call`;
}

/** `91.7 %` */
export function agreementText(cell: PackingCell): string {
  return `${(100 * agreementOf(cell)).toFixed(1)} %`;
}
