/** Puts one question to a ledger and prints what it took: `ask.ts <root> <question>`. */
import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import { createCosts } from '../../src/usage/costs.js';
import { createLedger } from '../../src/usage/ledger.js';
import { readLines } from '../../src/usage/ledger-file.js';

export type Question = 'floor' | 'rebuild' | 'status' | 'gate' | 'groups' | 'cost' | 'booked';

export interface Answer {
  readonly ms: number;
  readonly peakBytes: number;
}

const [root = '', question = ''] = process.argv.slice(2);
const file = path.join(root, '.regen', 'ledger.jsonl');
const now = await lastInstant();
const surroundings = { root, env: {}, now: () => now, newId: () => 'id', progress: () => undefined };
const ledger = createLedger({ surroundings, prices: {} });
const place = { plan: 'plan-0', target: 'target-0' };

const questions: Readonly<Record<Question, () => Promise<unknown>>> = {
  floor: () => readLines(file, (line) => void JSON.parse(line)),
  rebuild: () => ledger.totals(place),
  status: () => ledger.totals(place),
  gate: async () => {
    const midnight = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()));
    await ledger.spent({ ...place, item: 'item-7' });
    await ledger.spent(place);
    await ledger.spent({ since: midnight });
  },
  groups: () => ledger.groups('item', {}),
  cost: () =>
    createCosts({ surroundings, prices: {}, limits: {} })(
      { by: 'item', since: null, target: null, plan: null },
      null,
    ),
  booked: () => ledger.runs({ plan: place.plan, attempt: '4f0b0c1e-0000-4000-8000-000000000007' }),
};

if (question === 'rebuild') await rm(path.join(root, '.regen', 'rollup'), { recursive: true, force: true });
const ask = Object.entries(questions).find(([name]) => name === question)?.[1];
if (ask === undefined) throw new Error(`there is no question "${question}"`);
const started = performance.now();
await ask();
const ms = performance.now() - started;
console.log(JSON.stringify({ ms, peakBytes: process.resourceUsage().maxRSS * 1024 }));

/** Of the last row: the day that the gate asks for has rows. */
async function lastInstant(): Promise<Date> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(4096), 0, 4096, Math.max(0, size - 4096));
    const at = /"at":"([^"]*)"[^\n]*\n$/.exec(buffer.toString('latin1').replace(/\0+$/, ''))?.[1];
    return new Date(at ?? 0);
  } finally {
    await handle.close();
  }
}
