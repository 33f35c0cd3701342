import { afterEach, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse.js';
import { say } from '../../src/demo/model/reply.js';
import type { ScriptedModel } from '../../src/demo/model/server.js';
import { createClient } from '../../src/worker/client.js';
import { startModel } from '../support/claude.js';
import { guideConfig } from '../support/guide.js';

const open: ScriptedModel[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((model) => model.close()));
});

async function headersOf(more: string, env: Readonly<Record<string, string>>) {
  const model = await startModel(() => say('ok'));
  open.push(model);
  const config = parseConfig(guideConfig({ worker: `endpoint: '${model.url}'`, more }));
  const surroundings = { root: '/', env, now: () => new Date(), newId: () => '', progress: () => undefined };
  const client = createClient({ surroundings, config });
  await client.messages.create({ model: 'm', max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] });
  return model.requests[0]?.headers ?? {};
}

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
