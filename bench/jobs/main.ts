/**
 * What several steps at once save: `npx tsx bench/jobs/main.ts [--items 8] [--jobs 4] [--delay 3000] [--rounds 1]`. The
 * real command line and the real Claude Code; the model takes its time for every answer, as a real one does.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { ScriptedRequest } from '../../src/demo/model/request.js';
import { claudeEnv, claudePath, startModel } from '../../test/support/claude.js';
import { gitEnvironment, makeRepository, writeFiles } from '../../test/support/git-repo.js';
import { poemConfig, poet } from '../../test/support/poems.js';
import { median, milliseconds, printTable, succeed } from '../measure.js';

const { values } = parseArgs({
  options: {
    items: { type: 'string', default: '8' },
    jobs: { type: 'string', default: '4' },
    delay: { type: 'string', default: '3000' },
    rounds: { type: 'string', default: '1' },
  },
});

/** At most so much of the time that one at a time takes; with four jobs a quarter is what there is to win. */
const goal = 0.35;

const runDocument = z.object({ counts: z.object({ shipped: z.number() }), stopped: z.literal('done') });
const items = Array.from({ length: Number(values.items) }, (_, at) => `voice${at}`);
const one: number[] = [];
const many: number[] = [];
for (let round = 0; round < Number(values.rounds); round += 1) {
  one.push(await runAll('1'));
  many.push(await runAll(values.jobs));
}
const ratio = median(many) / median(one);
console.log(
  `${values.items} items, 3 answers each, ${values.delay} ms for an answer; medians of ${values.rounds} run(s)`,
);
printTable([
  ['--jobs 1', milliseconds(median(one)), '1.00x'],
  [`--jobs ${values.jobs}`, milliseconds(median(many)), `${ratio.toFixed(2)}x`],
]);
console.log(`goal with 4 jobs: at most ${goal.toFixed(2)}x`);

/** Wall time of a run that does all items; the plan is there already, the archive is part of it. */
async function runAll(jobs: string): Promise<number> {
  const author = poet();
  const model = await startModel(async (request: ScriptedRequest) => {
    await delay(Number(values.delay));
    return author(request);
  });
  const repository = await makeRepository({ files: poems() });
  try {
    const home = path.join(path.dirname(repository.root), 'home');
    await mkdir(home);
    await writeFiles(repository.root, { 'regen.yaml': poemConfig() });
    const PATH = [path.dirname(claudePath), process.env['PATH'] ?? ''].join(path.delimiter);
    const env = { ...gitEnvironment(), ...claudeEnv(home, model.url), PATH };
    const regen = (...args: readonly string[]) =>
      succeed({
        command: [process.execPath, path.resolve('dist/cli.js'), ...args],
        cwd: repository.root,
        env,
      });
    await regen('plan', 'autumn');
    const { stdout, wallMs } = await regen('run', '--jobs', jobs, '--json');
    const { shipped } = runDocument.parse(JSON.parse(stdout)).counts;
    if (shipped !== items.length) throw new Error(`${shipped} of ${items.length} items were shipped`);
    return wallMs;
  } finally {
    await model.close();
    await repository.cleanup();
  }
}

function poems(): Record<string, string> {
  return {
    'poems/autumn/about.md': '# autumn: A Poem of Autumn\n\nLeaves, wind, early dark.\n',
    'prompts/rules.md': 'Write short lines.\n',
    ...Object.fromEntries(items.map((item) => [`poems/autumn/voices/${item}.txt`, `stale ${item}\n`])),
  };
}
