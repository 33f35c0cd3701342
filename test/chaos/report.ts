/** The measured table in docs/reliability.md. */
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { TrialResult } from './trial.js';

interface Report {
  readonly table: string;
  readonly seed: number;
  readonly minutes: number;
  readonly results: readonly TrialResult[];
}

const page = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url));
const begin = '<!-- chaos: begin -->';
const end = '<!-- chaos: end -->';

/** Replaces what stands between the marks. */
export async function writeReport({ table, seed, minutes, results }: Report): Promise<void> {
  const text = await readFile(page, 'utf8');
  const before = text.indexOf(begin);
  const after = text.indexOf(end);
  if (before === -1 || after === -1) throw new Error('docs/reliability.md has lost its marks');
  const add = (of: (result: TrialResult) => number) => results.reduce((total, one) => total + of(one), 0);
  const facts = `\`npm run chaos -- --seed ${seed} --kills ${add(({ kills }) => kills)} --faults ${add(({ faults }) => faults)}\`, ${minutes.toFixed(0)} minutes on ${cpus().length} cores, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}:`;
  const block = `${begin}\n\n${facts}\n\n${table}\n\n${end}`;
  await writeFile(page, text.slice(0, before) + block + text.slice(after + end.length));
}
