/**
 * `npm run bench`: every bench that needs nothing. `npm run bench -- tldr <clone>`: the one named, with its arguments.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const benches: Readonly<Record<string, string>> = {
  accounting: 'the ledger and other ways of counting beside the bill of a scripted model',
  ledger: 'a ledger of a million rows: gate, status and sums beside parsing its lines',
  profile: 'regen profile of a 200 MB transcript beside parsing every line of it',
  tokens: 'nine items with regen, with a plain claude -p and at the least; seed 000 with R1 to R7 one by one',
  startup: 'regen --help and regen status beside a bare node',
  jobs: 'regen run --jobs 4 beside --jobs 1, over items that wait for the model',
  packing: 'a hundred thousand items into calls, beside adding up their tokens',
  pick: 'finding the oldest of 324 targets beside git ls-tree and git cat-file',
  retrieval: 'an index of references beside reading their words; what it finds for 15 labelled items',
  tldr: 'plan and steps on a clone of tldr-pages/tldr (an argument, or REGEN_TLDR) beside a shell script',
};

const [wanted, ...rest] = process.argv.slice(2);
const names = Object.keys(benches);
if (wanted !== undefined && !names.includes(wanted)) {
  console.error(`There is no bench "${wanted}". There are:`);
  for (const name of names) console.error(`  ${name.padEnd(10)} ${benches[name] ?? ''}`);
  process.exitCode = 2;
} else {
  for (const name of wanted === undefined ? names : [wanted]) {
    console.log(`# ${name}: ${benches[name] ?? ''}`);
    const code = await run(name);
    if (code !== 0) process.exitCode = 1;
    console.log('');
  }
}

function run(name: string): Promise<number | null> {
  const file = fileURLToPath(new URL(`./${name}/main.ts`, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...rest], { stdio: 'inherit' });
  return new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
}
