import Anthropic from '@anthropic-ai/sdk';
import { afterEach, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse.js';
import type { Script } from '../../src/demo/model/conversation.js';
import { say } from '../../src/demo/model/reply.js';
import type { ScriptedReply } from '../../src/demo/model/reply.js';
import type { ScriptedModel } from '../../src/demo/model/server.js';
import { createClient } from '../../src/worker/client.js';
import { startModel } from '../support/claude.js';
import { guideConfig } from '../support/guide.js';

const open: ScriptedModel[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((model) => model.close()));
});

async function ask(
  script: Script,
  { more = '', env = {} }: { readonly more?: string; readonly env?: Readonly<Record<string, string>> } = {},
) {
  const model = await startModel(script);
  open.push(model);
  const config = parseConfig(guideConfig({ worker: `endpoint: '${model.url}'`, more }));
  const surroundings = { root: '/', env, now: () => new Date(), newId: () => '', progress: () => undefined };
  const client = createClient({ surroundings, config });
  const answer = client.messages.create({
    ...{ model: 'm', max_tokens: 5, messages: [{ role: 'user' as const, content: 'hi' }] },
  });
  const status = await answer.then(
    () => 200,
    (error: unknown) => (error instanceof Anthropic.APIError ? (error.status as unknown) : error),
  );
  return { status, requests: model.requests };
}

async function headersOf(more: string, env: Readonly<Record<string, string>>) {
  const { requests } = await ask(() => say('ok'), { more, env });
  return requests[0]?.headers ?? {};
}

const busy = (seconds: string): ScriptedReply => ({
  ...{ kind: 'status', status: 429, type: 'rate_limit_error', message: 'later' },
  headers: { 'retry-after': seconds },
});

it.each(['3600', 'Fri, 31 Dec 2100 23:59:59 GMT'])('sits through no wait as long as %s', async (seconds) => {
  const { status, requests } = await ask(() => busy(seconds));

  expect([status, requests.length]).toEqual([429, 1]);
});

it('sits through no long wait that is told in thousandths, which count before seconds', async () => {
  const long = { 'retry-after-ms': '24000' };
  const alone = await ask(() => ({ ...busy(''), headers: long }));
  const both = await ask(() => ({ ...busy(''), headers: { ...long, 'retry-after': '0.05' } }));
  let asked = 0;
  const headers = { 'retry-after-ms': '50', 'retry-after': '3600' };
  const short = await ask(() => ((asked += 1) === 1 ? { ...busy(''), headers } : say('ok')));

  expect([alone.status, alone.requests.length]).toEqual([429, 1]);
  expect([both.status, both.requests.length]).toEqual([429, 1]);
  expect([short.status, asked]).toEqual([200, 2]);
});

it('sits through a short wait', async () => {
  let asked = 0;
  const { status } = await ask(() => ((asked += 1) === 1 ? busy('0.05') : say('ok')));

  expect([status, asked]).toEqual([200, 2]);
});

it('sends no beta header unless provider.betas names one', async () => {
  const none = await headersOf('', { ANTHROPIC_API_KEY: 'key' });
  const some = await headersOf('provider: { betas: [one-2026-01-01, two] }\n', { ANTHROPIC_API_KEY: 'key' });

  expect(none).not.toHaveProperty('anthropic-beta');
  expect(some['anthropic-beta']).toBe('one-2026-01-01,two');
});

it('sends the key of the environment that it is given, and a configured server needs none', async () => {
  const keyed = await headersOf('', { ANTHROPIC_AUTH_TOKEN: 'token' });
  const bare = await headersOf('', {});

  expect(keyed['authorization']).toBe('Bearer token');
  expect(JSON.stringify(bare)).not.toContain('token');
});

it('says what is missing when there is no key for the provider', () => {
  const surroundings = {
    root: '/',
    env: {},
    now: () => new Date(),
    newId: () => '',
    progress: () => undefined,
  };

  expect(() => createClient({ surroundings, config: parseConfig(guideConfig()) })).toThrow(
    expect.objectContaining({
      code: 'environment',
      hint: 'Set ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN, or name a server that needs none in worker.endpoint.',
    }),
  );
});
