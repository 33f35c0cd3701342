/** The calls of `bench packing`, made by the stations that a step has them made by. */
import type { BaseTree } from './model/base-tree.js';
import { RegenError } from './model/errors.js';
import type { AgreementMode, LabelledSet } from './model/packing-bench.js';
import type { Surroundings } from './model/surroundings.js';
import { measure } from './packing-bench/measure.js';
import type { Measured } from './packing-bench/measure.js';
import type { WantedCell } from './packing-bench/wanted.js';
import { unknownTargetIn } from './step/decide-plan.js';
import type { Planner } from './step/decide-plan.js';
import { createBenchAsker } from './step/packs/bench.js';
import { openBenchPlace } from './step/packs/bench-place.js';
import { createLedger } from './usage/ledger.js';
import { isPriced } from './usage/priced.js';
import { wireReferences } from './wire-references.js';
import { wireWorker } from './wire-worker.js';

/** What is to be measured, and for how much. */
export interface BenchOrder {
  readonly set: LabelledSet;
  readonly wanted: readonly WantedCell[];
  /** null: the first of the base. */
  readonly target: string | null;
  readonly agreement: AgreementMode;
  /** US dollars; null: no limit. */
  readonly maxUsd: number | null;
}

/** One call after the other. */
export async function runPackingBench(
  { config, surroundings, stations }: Planner,
  { set, wanted, target: named, agreement, maxUsd }: BenchOrder,
  signal: AbortSignal,
): Promise<Measured & { readonly target: string }> {
  const models = [...new Set(wanted.map(({ model }) => model))];
  tellUnpriced(
    surroundings,
    models.filter((model) => !isPriced(model, config.prices)),
    maxUsd,
  );
  const { workspace, picker, plans, prompts } = stations;
  const tree = workspace.tree((await workspace.knownBase(signal)).sha);
  const target = await targetOf(picker, { tree, named }, signal);
  await workspace.ensureIgnored(signal);
  const ledger = createLedger({ surroundings, prices: config.prices });
  await ledger.ensureWritable();
  const worker = wireWorker({ surroundings, config, stations });
  const recoverer = { surroundings, stations: { agent: worker.model, ledger } };
  await using place = await openBenchPlace(recoverer, { target, base: tree.sha }, signal);
  const references = wireReferences(surroundings, config, { tree, target });
  const ask = createBenchAsker(
    {
      ...{ config, surroundings, worker, references, tree, maxUsd, signal, journal: place.journal },
      stations: { ledger, plans, prompts },
    },
    set.entries,
  );
  const measured = await measure(
    { entries: set.entries, wanted, mode: agreement },
    {
      ask,
      // The size is what is measured: an answer that is too long for the model fails.
      split: (items, size) =>
        worker
          .pack(
            items.map((item) => ({ item, input: 0, output: 0 })),
            { input: Infinity, output: Infinity, count: size },
          )
          .map((call) => call.map(({ item }) => item)),
      progress: (line) => {
        surroundings.progress(line);
      },
    },
  );
  return { ...measured, target };
}

/** @throws RegenError `config` when money that nobody can count is to be watched. */
function tellUnpriced(surroundings: Surroundings, unpriced: readonly string[], maxUsd: number | null): void {
  if (unpriced.length === 0) return;
  const names = unpriced.join(', ');
  const hint = `Add ${names} under prices in regen.yaml.`;
  if (maxUsd !== null) {
    throw new RegenError('config', `--max-usd can’t be watched: ${names} has no known price`, { hint });
  }
  surroundings.progress(`${names} has no known price: what it costs can’t be told. ${hint}`);
}

async function targetOf(
  picker: Planner['stations']['picker'],
  { tree, named }: { readonly tree: BaseTree; readonly named: string | null },
  signal: AbortSignal,
): Promise<string> {
  const known = await picker.targets(tree, signal);
  const target = named ?? known[0];
  if (target === undefined) {
    throw new RegenError('usage', 'the base has no target, and so nothing says what is to be done', {
      hint: 'See "targets" in regen.yaml.',
    });
  }
  if (!known.includes(target)) throw unknownTargetIn({ wanted: target, known }, []);
  return target;
}
