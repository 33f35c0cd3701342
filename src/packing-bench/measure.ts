/** Asks about the whole set, cell by cell; who asks, and what it costs, is another's business. */
import { RegenError } from '../model/errors.js';
import { formatUsd } from '../model/format.js';
import type { AgreementMode, LabelledItem, PackingCell } from '../model/packing-bench.js';
import { addUsage, noUsage } from '../model/usage.js';
import type { Usage } from '../model/usage.js';
import { agreementText, cellName } from './cell-words.js';
import { cellOf } from './cell.js';
import type { WantedCell } from './wanted.js';

/** One call about some of the items. */
export interface BenchQuestion {
  readonly model: string;
  readonly items: readonly LabelledItem[];
  /** Calls of the same model that are still to be made, this one included. */
  readonly callsToCome: number;
}

export interface BenchAnswer {
  /** The usable results by the items' ids; what isn't there has failed. */
  readonly results: ReadonlyMap<string, unknown>;
  /** What it took, calls that were repeated included. */
  readonly usage: Usage;
}

export interface MeasurePorts {
  /** Throws a RegenError when nothing more can be asked now. */
  ask(question: BenchQuestion): Promise<BenchAnswer>;
  /** The items as calls of so many at most, in their order. */
  split(items: readonly LabelledItem[], size: number): readonly (readonly LabelledItem[])[];
  progress(line: string): void;
}

export interface Measured {
  /** Whole cells only. */
  readonly cells: readonly PackingCell[];
  /** Why not all of them were measured; null: all were. */
  readonly stopped: RegenError | null;
}

interface Measurement {
  readonly entries: readonly LabelledItem[];
  readonly wanted: readonly WantedCell[];
  readonly mode: AgreementMode;
}

/**
 * @throws RegenError when it has to stop before the first cell is whole; later, what was measured is worth keeping, and
 * the cell that was begun is dropped.
 */
export async function measure(
  { entries, wanted, mode }: Measurement,
  ports: MeasurePorts,
): Promise<Measured> {
  const cells: PackingCell[] = [];
  const calls = wanted.map((cell) => ports.split(entries, cell.size));
  for (const [at, cell] of wanted.entries()) {
    const callsAfter = wanted.reduce(
      (sum, { model }, index) =>
        index > at && model === cell.model ? sum + (calls[index]?.length ?? 0) : sum,
      0,
    );
    try {
      const run = await runOf(cell, { calls: calls[at] ?? [], callsAfter }, ports);
      const measured = cellOf(entries, { ...cell, ...run }, mode);
      cells.push(measured);
      ports.progress(`${cellName(cell)}: ${resultText(measured)}`);
    } catch (error) {
      if (!(error instanceof RegenError) || cells.length === 0) throw error;
      ports.progress(`${cellName(cell)} was not measured to its end, and is left out`);
      return { cells, stopped: error };
    }
  }
  return { cells, stopped: null };
}

interface CellCalls {
  readonly calls: readonly (readonly LabelledItem[])[];
  /** Of the same model, in later cells. */
  readonly callsAfter: number;
}

async function runOf(cell: WantedCell, { calls, callsAfter }: CellCalls, ports: MeasurePorts) {
  ports.progress(`${cellName(cell)}: ${calls.length} ${calls.length === 1 ? 'call' : 'calls'}`);
  const results = new Map<string, unknown>();
  let used = noUsage;
  for (const [at, items] of calls.entries()) {
    const callsToCome = calls.length - at + callsAfter;
    const answer = await ports.ask({ model: cell.model, items, callsToCome });
    for (const [id, result] of answer.results) results.set(id, result);
    used = addUsage(used, answer.usage);
  }
  const { requests, costUsd, ...usage } = used;
  return { results, requests, costUsd, usage };
}

function resultText(cell: PackingCell): string {
  const failed = cell.failed === 0 ? '' : `, ${cell.failed} of ${cell.asked} items failed`;
  return `${agreementText(cell)} agreement${failed}, ${formatUsd(cell.costUsd)}`;
}
