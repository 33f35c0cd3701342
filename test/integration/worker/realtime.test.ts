/** Many small items in one call: the built program, real git, and the provider's own client against a scripted endpoint. */
import { expect, it } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import { guideConfig, guideFiles, paragraphText } from '../../support/guide.js';
import { makeWorld } from '../../support/world.js';

const shorter = ({ text }: { readonly text: string }): string => text.replace(/, in more words.*$/, '.');

it('asks about all paragraphs of a target in two calls, and ships each pack', async () => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 3, paragraphs: 8 }),
    config: guideConfig({ worker: 'count: 12' }),
    script: packScript({ answer: shorter }),
  });

  const planned = await world.regen(['--json']);
  const first = await world.regen(['--json']);
  const second = await world.regen(['--json']);
  const third = await world.regen(['--json']);

  expect(planned.stderr + planned.stdout).toContain('planned');
  expect(first.document).toMatchObject({ outcome: 'shipped', item: 'pack-1', remaining: 12 });
  expect(second.document).toMatchObject({ outcome: 'shipped', item: 'pack-2', remaining: 0 });
  expect(third.document).toMatchObject({ outcome: 'archived' });
  expect(world.model.bill).toHaveLength(2);
  await world.repository.git('fetch', '--quiet', 'origin');
  const page = await world.repository.git('show', 'origin/regen/guide/pack-1:docs/guide/page-01.md');
  expect(page).toContain(paragraphText(1, 1).replace(/, in more words.*$/, '.'));
});
