import { expect, test } from 'vitest';
import { startLoopbackForge } from '../../src/demo/forge.js';

test('the loopback forge takes a pull request with labels and lists it as it has it', async () => {
  const forge = await startLoopbackForge({ owner: 'sample', repo: 'charts', token: 'a-token' });
  const send = (path: string, body: unknown) =>
    fetch(`${forge.apiUrl}/repos/sample/charts${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${forge.token}` },
      body: JSON.stringify(body),
    });

  await send('/pulls', { title: 'Redraw', head: 'regen/a/b', base: 'main', body: 'New.' });
  await send('/issues/1/labels', { labels: ['zeta'] });
  await send('/issues/1/labels', { labels: ['alpha'] });
  const list = await forge.pullRequests(AbortSignal.timeout(5000));
  await forge.close();

  expect(forge.apiUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(list).toEqual([
    {
      number: 1,
      title: 'Redraw',
      branch: 'regen/a/b',
      body: 'New.',
      state: 'open',
      labels: ['zeta', 'alpha'],
    },
  ]);
  await expect(fetch(forge.apiUrl)).rejects.toThrow('fetch failed');
});
