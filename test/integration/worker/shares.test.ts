/** What a pack took is booked once, and told item by item in equal parts that come to the whole, to the token. */
import { expect, onTestFinished, test } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import { sumBill } from '../../../src/demo/model/bill.js';
import type { Usage } from '../../../src/model/usage.js';
import { startForge } from '../../support/forge.js';
import { startGitHttp } from '../../support/git-http.js';
import { guideConfig, guideFiles } from '../../support/guide.js';
import { makeWorld } from '../../support/world.js';

const shorter = ({ text }: { readonly text: string }): string => text.replace(/, in more words.*$/, '.');

interface Costs {
  readonly groups: readonly { readonly key: string | null; readonly usage: Usage }[];
  readonly total: { readonly usage: Usage };
}

interface Standing {
  readonly items: readonly { readonly id: string; readonly costUsd: number | null }[];
  readonly usage: Usage;
}

test('costs and status by item come to the bill, also of an item that was asked twice', async () => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 7 }),
    config: guideConfig({ worker: 'count: 12' }),
    script: packScript({ answer: shorter, faults: ({ number }) => (number === 1 ? 'missing' : null) }),
  });
  await world.regen(['plan']);

  const first = await world.regen(['--json']);
  const second = await world.regen(['--json']);
  const costs = (await world.regen(['cost', '--by', 'item', '--json'])).document as Costs;
  const status = (await world.regen(['status', '--json'])).document as Standing;
  const table = (await world.regen(['cost', '--by', 'item'])).stdout;

  expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
  expect(costs.total.usage).toMatchObject({ ...sumBill(world.model.bill), requests: 2 });
  expect(costs.groups.map(({ key }) => key)).toEqual(
    Array.from({ length: 7 }, (_, index) => `page-01#${index + 1}`),
  );
  expect(costs.groups.map(({ usage }) => usage.requests)).toEqual([1, 0, 0, 0, 0, 0, 1]);
  for (const kind of ['input', 'output', 'cacheRead', 'cacheWrite5m'] as const)
    expect(costs.groups.reduce((sum, { usage }) => sum + usage[kind], 0)).toBe(costs.total.usage[kind]);
  const spent = new Map(costs.groups.map(({ key, usage }) => [key, usage.costUsd]));
  const paid = status.items.filter(({ id }) => /#\d+$/.test(id));
  expect(paid.map(({ costUsd }) => costUsd)).toEqual(paid.map(({ id }) => spent.get(id)));
  expect(status.usage).toEqual({ ...costs.total.usage, costUsd: status.usage.costUsd });
  expect(table).not.toContain('(no item)');
  expect(table).toContain('Forecast for guide: none of its 9 items is left to do.');
});

test('a run counts items, and says what those that failed took', async () => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 4 }),
    config: guideConfig({ worker: 'count: 4' }),
    script: packScript({ answer: (block) => (block.text.startsWith('Paragraph 3') ? null : shorter(block)) }),
  });

  const { stdout, exitCode } = await world.regen(['run']);
  const page = await world.regen(['report', '--json']);

  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^\d steps: 3 shipped, 1 failed, 1 archived; /);
  expect(stdout).toMatch(/Failed items took [\d.]+k? tokens, <?\$[\d.]+ of it\./);
  expect(page.exitCode).toBe(0);
});

test('the table in a pack’s pull request is about its items, and all tables come to the bill', async () => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 5 }),
    config: guideConfig({ worker: 'count: 12', ship: '{ repository: o/r }' }),
    script: packScript({ answer: shorter, faults: ({ number }) => (number === 1 ? 'missing' : null) }),
  });
  const { remote } = world.repository;
  const forge = await startForge({ owner: 'o', repo: 'r', remote });
  onTestFinished(() => forge.stop());
  const credentials = { user: 'x-access-token', password: forge.token };
  const http = await startGitHttp({ remote, path: '/o/r.git', credentials });
  onTestFinished(() => http.stop());
  const url = http.url.replace('//', `//x-access-token:${forge.token}@`);
  await world.repository.git('remote', 'set-url', 'origin', url);
  const env = { GITHUB_TOKEN: forge.token, GITHUB_API_URL: forge.apiUrl };

  const { exitCode, stderr } = await world.regen(['run'], env);
  const bodies = (await forge.pullRequests()).map(({ body }) => body);

  expect(exitCode, stderr).toBe(0);
  expect(bodies).toHaveLength(2);
  const totals = bodies.map((body) => /^\| \*\*Total\*\* \| \S+ \| \*\*(\d+)\*\* /m.exec(body)?.[1]);
  const output = totals.reduce((sum, cell) => sum + Number(cell), 0);
  expect(output).toBe(sumBill(world.model.bill).output);
  expect(bodies.map((body) => /^\| worker \|/m.test(body))).toEqual([true, true]);
});
