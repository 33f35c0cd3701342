import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { answerSchema } from '../../src/worker/entries.js';
import { createWorker } from '../../src/worker/worker.js';
import { makeScratch } from '../support/scratch.js';
import { never, partsAt, startScripted } from './scripted.js';

const prefix = { model: 'haiku', parts: ['Rules of some length.', 'Target.'] };

it('a prefix is counted once, with the format, and known from then on', async () => {
  await using scripted = await startScripted({ script: [] });

  const first = await createWorker(scripted.parts).countPrefix(prefix, never);
  const second = await createWorker(scripted.parts).countPrefix(prefix, never);

  expect([first, second]).toEqual([expect.any(Number), first]);
  expect(scripted.model.requests.map(({ path }) => path)).toEqual(['/v1/messages/count_tokens']);
  const [request] = scripted.model.requests;
  expect(JSON.parse(request?.body.toString('utf8') ?? '')).toEqual({
    model: 'claude-haiku-5-5',
    messages: [{ role: 'user', content: '.' }],
    system: prefix.parts.map((text) => ({ type: 'text', text })),
    output_config: { format: { type: 'json_schema', schema: answerSchema } },
  });
  const folder = scripted.scratch.in('.regen', 'prefix-tokens');
  const [file = ''] = await readdir(folder);
  expect(await readFile(`${folder}/${file}`, 'utf8')).toBe(`${first ?? ''}\n`);
});

it('another model, or another text, is another prefix; an alias is its model', async () => {
  await using scripted = await startScripted({ script: [] });
  const { countPrefix } = createWorker(scripted.parts);

  await countPrefix(prefix, never);
  await countPrefix({ ...prefix, model: 'claude-haiku-5-5' }, never);
  expect(scripted.model.requests).toHaveLength(1);

  await countPrefix({ ...prefix, model: 'opus' }, never);
  await countPrefix({ ...prefix, parts: ['Other.'] }, never);
  expect(scripted.model.requests).toHaveLength(3);
});

it('what is on disk and is no number is counted anew', async () => {
  await using scripted = await startScripted({ script: [] });
  const { countPrefix } = createWorker(scripted.parts);
  const tokens = await countPrefix(prefix, never);
  const folder = scripted.scratch.in('.regen', 'prefix-tokens');
  const [file = ''] = await readdir(folder);
  expect(file).toHaveLength(createHash('sha256').update('').digest('hex').length);
  await writeFile(`${folder}/${file}`, '');

  expect(await countPrefix(prefix, never)).toBe(tokens);
});

it('an endpoint that doesn’t count is said, and is no failure', async () => {
  await using scratch = await makeScratch();
  const lines: string[] = [];
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  try {
    const { countPrefix } = createWorker(
      partsAt(`http://127.0.0.1:${port}`, { root: scratch.folder, lines }),
    );

    expect(await countPrefix(prefix, never)).toBeNull();
    expect(asked).toEqual(['/v1/messages/count_tokens']);
    expect(lines).toEqual([expect.stringMatching(/^the API doesn’t count tokens: 404/)]);
    expect(await readdir(scratch.folder)).toEqual([]);
    await expect(countPrefix(prefix, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
