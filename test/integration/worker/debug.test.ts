import { it } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import { guideConfig, guideFiles } from '../../support/guide.js';
import { makeWorld } from '../../support/world.js';

it('shows', async () => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 2, paragraphs: 8 }),
    config: guideConfig({ worker: 'count: 12' }),
    script: packScript({
      answer: ({ text }) => text.replace(/, in more words.*$/, '.'),
      faults: ({ number }) => (number === 1 ? 'missing' : number === 2 ? 'overflow' : null),
    }),
  });
  const out: string[] = [];
  for (const args of [
    ['--verbose'],
    ['status'],
    ['--verbose'],
    ['--json'],
    ['status'],
    ['cost', '--by', 'item'],
    ['cost', '--by', 'stage'],
    ['prompt'],
    ['plan', '--dry-run', '--explain'],
  ]) {
    const r = await world.regen(args);
    out.push(`$ regen ${args.join(' ')} -> ${r.exitCode}\n${r.stderr}${r.stdout}`);
  }
  out.push(
    (await world.read('.regen-plan.md')) ?? 'no plan',
    (await world.read('.regen/ledger.jsonl')) ?? '',
  );
  out.push(JSON.stringify(world.model.bill.map(({ tokens }) => tokens)));
  (await import('node:fs')).writeFileSync('/tmp/debug.txt', out.join('\n\n'));
});
