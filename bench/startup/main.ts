/**
 * Start-up beside a bare node: `npx tsx bench/startup/main.ts [--runs 31] [--cli dist/cli.js]`. Interleaved, so that a
 * busy machine is busy for all of them.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gitEnvironment, makeRepository, writeFiles } from '../../test/support/git-repo.js';
import { median, milliseconds, printTable, succeed } from '../measure.js';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '31' }, cli: { type: 'string', default: 'dist/cli.js' } },
});
const runs = Number(values.runs);
const cli = path.resolve(values.cli);

const plan = `# Regen plan: scatter-basic

- Target: \`scatter-basic\`
- Title: \`Basic Scatter Plot\`
- Base: \`origin/main@1f3c9ab\`
- Plan created: \`2026-05-02T13:50:00Z\`

## Libraries

- [x] altair
- [x] bokeh
- [!] highcharts
- [ ] letsplot
- [ ] matplotlib
- [ ] plotly
- [ ] pygal
- [ ] seaborn

## Log

- altair: PR https://example.invalid/o/r/pull/12, 41.2k tokens, $0.31 (2026-05-02T14:02:11Z)
`;

const config = `version: 1
targets:
  list: [scatter-basic]
items:
  glob: '{target}/{item}.py'
  heading: Libraries
prompt:
  task: Redo it.
`;

const repository = await makeRepository({ files: { 'README.md': '# Sample\n' } });
try {
  await writeFiles(repository.root, { 'regen.yaml': config, '.regen-plan.md': plan });
  const contenders = [
    { name: 'node -e 0', args: ['-e', '0'], goal: null },
    { name: 'regen --help', args: [cli, '--help'], goal: 1.5 },
    { name: 'regen status', args: [cli, 'status'], goal: 2.5 },
  ].map((one) => ({ ...one, times: [] as number[] }));
  for (let round = 0; round < runs; round += 1) {
    for (const { args, times } of contenders) {
      const child = {
        command: [process.execPath, ...args],
        cwd: repository.root,
        env: gitEnvironment(),
      } as const;
      times.push((await succeed(child)).wallMs);
    }
  }
  const floor = median(contenders[0]?.times ?? []);
  console.log(`Start-up, medians of ${runs} interleaved runs`);
  printTable(
    contenders.map(({ name, times, goal }) => {
      const ratio = median(times) / floor;
      const verdict = goal === null ? '' : `goal ${goal.toFixed(1)}x: ${ratio <= goal ? 'met' : 'missed'}`;
      return [name, milliseconds(median(times)), `${ratio.toFixed(2)}x`, verdict];
    }),
  );
} finally {
  await repository.cleanup();
}
