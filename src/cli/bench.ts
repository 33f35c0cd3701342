/** `regen bench packing`: quality and cost against the number of items in a call. */
import type { Invocation } from './invocation.js';
import { exitStatus, RegenError } from '../model/errors.js';
import { packingBenchText, packingCheckText } from '../report/packing-bench-text.js';
import { checkPacking, measurePacking } from '../wire-bench.js';
import type { PackingBenchRequest } from '../wire-bench.js';

/** As they stand on the command line. */
export interface PackingBenchFlags {
  readonly set?: string;
  readonly sizes?: string;
  readonly models?: string;
  readonly target?: string;
  readonly maxUsd?: string;
  readonly exact?: boolean;
  readonly check?: boolean;
  readonly output?: string;
}

export async function benchPacking(invocation: Invocation, flags: PackingBenchFlags): Promise<number> {
  const request = requestOf(invocation, flags);
  const surroundings = await invocation.surroundings();
  return flags.check === true
    ? check(invocation, () => checkPacking(surroundings, request, invocation.signal))
    : measure(invocation, () => measurePacking(surroundings, request, invocation.signal));
}

async function measure(
  { options, reporter }: Invocation,
  run: () => ReturnType<typeof measurePacking>,
): Promise<number> {
  const { report, file, stopped } = await run();
  const stop =
    stopped === null
      ? null
      : { code: stopped.code, message: stopped.message, hint: stopped.hint, retryAt: stopped.retryAt };
  reporter.result(`${packingBenchText(report)}\n\nStored in ${file}.`, {
    ...report,
    ...{ file, check: null, stopped: stop },
  });
  if (stopped === null) return 0;
  // The document has said it already.
  if (options.json !== true) reporter.problem(stopText(stopped), null);
  return exitStatus[stopped.code];
}

function stopText({ code, message, hint }: RegenError): readonly string[] {
  const text = `regen: ${message}; what is shown above is all that was measured`;
  return hint === null || code === 'interrupted' ? [text] : [text, hint];
}

async function check({ reporter }: Invocation, run: () => ReturnType<typeof checkPacking>): Promise<number> {
  const { report, file, since, regressions } = await run();
  reporter.result(`${packingBenchText(report)}\n\n${packingCheckText(regressions, since)}`, {
    ...report,
    ...{ file, check: { since, regressions }, stopped: null },
  });
  return regressions.length === 0 ? 0 : 1;
}

function requestOf({ cwd, options }: Invocation, flags: PackingBenchFlags): PackingBenchRequest {
  return {
    cwd,
    configFile: options.config,
    set: fileNamed('--set', flags.set),
    output: fileNamed('-o', flags.output),
    sizes: listed(flags.sizes)?.map(sizeNamed) ?? null,
    models: listed(flags.models)?.map(modelNamed) ?? null,
    target: flags.target ?? null,
    maxUsd: flags.maxUsd === undefined ? null : amountNamed(flags.maxUsd),
    isExact: flags.exact === true,
  };
}

function fileNamed(flag: string, name: string | undefined): string | null {
  if (name === undefined) return null;
  if (name !== '' && name !== '-') return name;
  throw new RegenError('usage', `${flag} names no file`, {
    hint: 'For example: regen bench packing --set labels.jsonl -o packing.json; --json prints the report.',
  });
}

function listed(text: string | undefined): readonly string[] | null {
  return text === undefined ? null : [...new Set(text.split(',').map((part) => part.trim()))];
}

function sizeNamed(text: string): number {
  const size = /^\d+$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(size) && size > 0) return size;
  throw new RegenError('usage', `--sizes takes whole numbers from 1 on, not ${JSON.stringify(text)}`, {
    hint: 'For example: --sizes 1,5,10,20,40',
  });
}

function modelNamed(name: string): string {
  if (name !== '') return name;
  throw new RegenError('usage', '--models takes names of models with commas in between', {
    hint: 'For example: --models haiku,sonnet',
  });
}

function amountNamed(text: string): number {
  const amount = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (Number.isFinite(amount) && amount > 0) return amount;
  throw new RegenError('usage', `--max-usd takes a number above 0, not ${JSON.stringify(text)}`, {
    hint: 'For example: --max-usd 0.5',
  });
}
