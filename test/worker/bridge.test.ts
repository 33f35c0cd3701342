import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RegenError } from '../../src/model/errors.js';
import { openBridge } from '../../src/worker/bridge.js';
import type { Bridge, BridgePlace, OwnTool } from '../../src/worker/bridge.js';
import { closedPort } from '../support/closed-port.js';
import { running, sleeping } from '../support/process-watch.js';

const never = new AbortController().signal;
const program = path.join(import.meta.dirname, '../support/tool-server.mjs');

const rawProgram = path.join(import.meta.dirname, '../support/raw-tool-server.mjs');

type Server = BridgePlace['servers'][string];

const server = (flags: readonly string[] = [], more: Partial<Server> = {}): Server => ({
  command: [process.execPath, program, ...flags],
  env: [],
  headers: {},
  timeout: 10_000,
  ...more,
});

const open = (servers: BridgePlace['servers'], more: Partial<BridgePlace> = {}): Promise<Bridge> =>
  openBridge({ servers, env: process.env, cwd: import.meta.dirname, version: '1.0.0', ...more }, never);

const raw = (flag: string): Server => server([], { command: [process.execPath, rawProgram, flag] });

/** What the model would be told, an error as its text. */
async function call(bridge: Bridge, name: string, input: Record<string, unknown> = {}): Promise<unknown> {
  const tool = bridge.tools.find((each) => each.name === name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  try {
    const content = await tool.run(input);
    return typeof content === 'string'
      ? content
      : content.map((part) => (part.type === 'text' ? part.text : part));
  } catch (error) {
    return `error: ${(error as Error).message}`; // the client throws errors alone
  }
}

/** A flag by which a test's own servers are told from everybody else's. */
const mark = (): string => `--mark=${crypto.randomUUID()}`;

const own: OwnTool = {
  definition: {
    name: 'greet',
    description: 'Greets.',
    inputSchema: { type: 'object', properties: { who: { type: 'string' } }, required: ['who'] },
  },
  call: (input) => Promise.resolve({ text: `hello ${JSON.stringify(input)}` }),
};

describe('the bridge to MCP servers', () => {
  it('lists the tools of all servers, and ours, by name', async () => {
    const style = server([], { tools: ['refuse', 'echo'] });
    await using bridge = await open({ style, b: server([], { tools: ['die'] }) }, { own: [own] });

    expect(bridge.tools.map(({ name }) => name)).toEqual([
      'b__die',
      'regen__greet',
      'style__echo',
      'style__refuse',
    ]);
    expect(JSON.parse(JSON.stringify(bridge.tools.slice(1, 3)))).toEqual([
      {
        name: 'regen__greet',
        description: 'Greets.',
        input_schema: { type: 'object', properties: { who: { type: 'string' } }, required: ['who'] },
      },
      {
        name: 'style__echo',
        description: 'Does echo.',
        input_schema: { type: 'object', properties: {}, required: [] },
      },
    ]);
    expect(await call(bridge, 'style__echo', { text: 'hi' })).toEqual(['hi']);
    expect(await call(bridge, 'regen__greet', { who: 'you' })).toEqual(['hello {"who":"you"}']);
  });

  it('sends the same bytes whatever the order in which a server lists its tools', async () => {
    await using one = await open({ style: server() });
    await using other = await open({ style: server(['--reversed']) });

    expect(JSON.stringify(other.tools)).toBe(JSON.stringify(one.tools));
    expect(one.tokens).toBe(Math.ceil(Buffer.byteLength(JSON.stringify(one.tools)) / 3));
  });

  it('keeps names within what the API takes, and apart', async () => {
    const long = `rewrite.${'very-'.repeat(20)}long`;
    await using bridge = await open({
      a: server([`--extra=${long}`], { tools: [long] }),
      b: server([`--extra=${long}er`], { tools: [`${long}er`] }),
    });

    const names = bridge.tools.map(({ name }) => name);
    expect(names.every((name) => /^[ab]__rewrite_[A-Za-z0-9_-]+$/.test(name) && name.length === 64)).toBe(
      true,
    );
    expect(await call(bridge, names[0] ?? '', { text: 'hi' })).toEqual(['hi']);
  });

  it('tells a listed tool that the server doesn’t have, with what it may mean', async () => {
    const flag = mark();

    const opening = open({ style: server([flag], { tools: ['echo', 'refuze'] }) });

    await expect(opening).rejects.toMatchObject({
      code: 'config',
      message: 'worker.mcp.servers.style.tools names "refuze", and the server has no such tool',
      hint: 'Did you mean "refuse"?',
    });
    expect(running(flag)).toEqual([]);
  });

  it('tells two tools of one name', async () => {
    const a = server(['--extra=b__echo'], { tools: ['b__echo'] });

    await expect(open({ a, a__b: server([], { tools: ['echo'] }) })).rejects.toMatchObject({
      code: 'config',
      message: 'two tools of worker.mcp would be called a__b__echo',
    });
  });

  it('passes over what is no message', async () => {
    await using bridge = await open({ style: server(['--greets']) });

    expect(await call(bridge, 'style__echo', { text: 'hi' })).toEqual(['hi']);
  });
});

describe('a server’s environment', () => {
  const env = {
    PATH: process.env['PATH'],
    GH_TOKEN: 'a-token-of-the-forge',
    ANTHROPIC_API_KEY: 'a-key-of-the-provider',
    STYLE_TOKEN: 'the-token-of-the-server',
    HOME: '/home/of/a/person',
  };

  it('holds what is named and the allowlist, no credentials of ours, and a home of its own', async () => {
    await using bridge = await open({ style: server([], { env: ['STYLE_TOKEN', 'GH_TOKEN'] }) }, { env });

    const [text] = (await call(bridge, 'style__environment')) as [string];
    const told = JSON.parse(text) as Record<string, string>;
    expect(Object.keys(told).sort()).toEqual(['HOME', 'PATH', 'REGEN_MCP_SERVER', 'STYLE_TOKEN']);
    expect(told['HOME']).not.toBe(env.HOME);
    // It has the token, and the model is not told it.
    expect(told['STYLE_TOKEN']).toBe('***');
  });

  it('carries the mark that a later sweep goes by', async () => {
    await using bridge = await open(
      { style: server([], { env: ['HOME'] }) },
      { env, marker: 'REGEN_ATTEMPT=17' },
    );

    const [text] = (await call(bridge, 'style__environment')) as [string];
    expect(JSON.parse(text)).toEqual({ HOME: env.HOME, PATH: env.PATH, REGEN_ATTEMPT: '17' });
  });
});

describe('a call of a tool', () => {
  let bridge: Bridge;

  beforeAll(async () => {
    bridge = await open({ style: server([], { timeout: 1500 }) });
  });

  afterAll(() => bridge.close());

  it('tells its errors in words', async () => {
    expect(await call(bridge, 'style__refuse')).toBe('error: there is no such style');
    expect(await call(bridge, 'style__throws')).toBe('error: MCP error -32603: out of ink');
  });

  it('is given up after its time, and the server is asked again', async () => {
    expect(await call(bridge, 'style__hang')).toBe('error: style didn’t answer within 1.5 s');
    expect(await call(bridge, 'style__echo', { text: 'hi' })).toEqual(['hi']);
  });

  it('tells that the server died, which is started again for the next one', async () => {
    const before = await call(bridge, 'style__pid');
    expect(await call(bridge, 'style__die')).toBe('error: style ended before it answered');
    const after = await call(bridge, 'style__pid');

    expect(after).not.toEqual(before);
    expect(after).toEqual([expect.stringMatching(/^\d+$/)]);
  });

  it('cuts what is too long, and says so', async () => {
    expect(await call(bridge, 'style__long', { length: 16_000 })).toEqual(['x'.repeat(16_000)]);
    expect(await call(bridge, 'style__long', { length: 16_001 })).toEqual([
      'x'.repeat(16_000),
      '(cut: the result has 16001 characters, and 16000 is the limit. Ask for less, or for a part.)',
    ]);
  });

  it('keeps texts and images, and names what else there is', async () => {
    expect(await call(bridge, 'style__structured')).toEqual(['{"answer":42}']);
    expect(await call(bridge, 'style__mixed')).toEqual([
      expect.objectContaining({
        type: 'image',
        source: { type: 'base64', media_type: 'image/png', data: 'aGVsbG8=' },
      }),
      '(left out: an image of type image/tiff, 8 characters)',
      '(left out: audio of type audio/wav)',
      'guide: file:///guide.md',
      'a text',
      '(left out: the file file:///a.bin)',
    ]);
  });

  it('masks what one of ours says, and what it throws', async () => {
    const env = { ...process.env, A_TOKEN: 'a-secret-of-ours' };
    const telling: OwnTool = {
      ...own,
      call: () => Promise.resolve({ text: 'a-secret-of-ours', isError: true }),
    };
    const throwing: OwnTool = {
      definition: { ...own.definition, name: 'throw' },
      call: () => Promise.reject(new RegenError('plan', 'no plan at a-secret-of-ours')),
    };
    await using ours = await open({}, { env, own: [telling, throwing] });

    expect(await call(ours, 'regen__greet')).toBe('error: ***');
    expect(await call(ours, 'regen__throw')).toBe('error: no plan at ***');
  });
});

describe('a server that says what none should', () => {
  it.each([
    ['--closed', 'error: MCP error -32000: kaputt'],
    ['--late', 'error: MCP error -32001: the database is slow'],
    ['--strange', 'error: its answer can’t be read: content[0]: it is of no kind that is known'],
  ])('is told in its own words, or in ours: %s', async (flag, text) => {
    await using bridge = await open({ style: raw(flag) });

    expect(await call(bridge, 'style__ask')).toBe(text);
  });

  it('has no tools where they can’t be read', async () => {
    await expect(open({ style: raw('--shapeless') })).rejects.toMatchObject({
      code: 'environment',
      message: `the MCP server style (${process.execPath} ${rawProgram} --shapeless) is not to be had: its answer can’t be read: tools[0].inputSchema: invalid input: expected object, received undefined`,
    });
  });
});

describe('the end of the bridge', () => {
  it('ends servers that want to stay, and what they started', async () => {
    const flag = mark();
    const seconds = `86${Math.floor(Math.random() * 1e6)}`;
    const bridge = await open({ a: server([flag, '--stubborn', `--helper=${seconds}`]), b: server([flag]) });
    expect([running(flag).length, sleeping(seconds).length]).toEqual([2, 1]);

    await bridge.close();

    expect([running(flag), sleeping(seconds)]).toEqual([[], []]);
    await bridge.close();
  });
});

describe('a server that is not to be had', () => {
  it('is named with its command and what it said, and the others are ended', async () => {
    const flag = mark();

    const opening = open({
      good: server([flag]),
      slow: server([flag, '--silent']),
      style: server(['--broken']),
    });

    await expect(opening).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringMatching(
        /^the MCP server style \(.*tool-server\.mjs --broken\) is not to be had: .*; it said: style\.db is missing$/,
      ) as unknown,
      hint: expect.stringContaining('worker.mcp.servers.style') as unknown,
    });
    expect(running(flag)).toEqual([]);
  });

  it('may be a program that isn’t there', async () => {
    await expect(open({ style: server([], { command: ['no-such-program', 'x'] }) })).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringContaining(
        '(no-such-program x) is not to be had: spawn no-such-program ENOENT',
      ) as unknown,
    });
  });

  it('may be one that doesn’t answer', async () => {
    const flag = mark();

    await expect(open({ style: server([flag, '--silent'], { timeout: 300 }) })).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringContaining('it didn’t answer within 0.3 s') as unknown,
    });
    expect(running(flag)).toEqual([]);
  });

  it('is not waited for once the work is broken off', async () => {
    const flag = mark();
    const breaking = new AbortController();
    const place = {
      servers: { style: server([flag, '--silent']) },
      env: process.env,
      cwd: '.',
      version: '1.0.0',
    };

    const opening = openBridge(place, breaking.signal);
    breaking.abort(new RegenError('interrupted', 'interrupted'));

    await expect(opening).rejects.toMatchObject({ code: 'interrupted' });
    expect(running(flag)).toEqual([]);
  });

  it('may be an address where nobody listens', async () => {
    const port = await closedPort();
    const url = `http://127.0.0.1:${port}/mcp`;

    await expect(open({ style: { url, env: [], headers: {}, timeout: 5000 } })).rejects.toMatchObject({
      code: 'environment',
      message: `the MCP server style (${url}) is not to be had: fetch failed: connect ECONNREFUSED 127.0.0.1:${port}`,
    });
  });

  it('may be one that nobody can find', async () => {
    await expect(open({ style: { env: [], headers: {}, timeout: 5000 } })).rejects.toMatchObject({
      code: 'config',
      message: 'worker.mcp.servers.style says neither how it is started nor where it is',
    });
  });
});

describe('a server over HTTP', () => {
  it('is used like any other', async () => {
    await using http = await serveHttp();
    await using bridge = await open({ style: { url: http.url, env: [], headers: {}, timeout: 5000 } });

    expect(bridge.tools.map(({ name }) => name)).toEqual(['style__echo']);
    expect(await call(bridge, 'style__echo')).toEqual(['hi from afar']);
  });

  it('gets its headers out of the environment', async () => {
    await using http = await serveHttp();
    const env = { ...process.env, STYLE_TOKEN: 'Bearer a-long-enough-secret' };
    const headers = { Authorization: 'STYLE_TOKEN' };
    await using bridge = await open({ style: { url: http.url, env: [], headers, timeout: 5000 } }, { env });

    expect(await call(bridge, 'style__echo')).toEqual(['hi from afar']);
    expect(new Set(http.seen())).toEqual(new Set(['Bearer a-long-enough-secret']));
  });

  it('isn’t asked without a header that the environment should have had', async () => {
    const headers = { Authorization: 'NO_SUCH_TOKEN' };

    await expect(
      open({ style: { url: 'http://127.0.0.1:9/mcp', env: [], headers, timeout: 5000 } }),
    ).rejects.toMatchObject({
      code: 'environment',
      message: 'NO_SUCH_TOKEN is not set: worker.mcp.servers.style sends it as Authorization',
    });
  });

  async function serveHttp(): Promise<
    AsyncDisposable & { readonly url: string; readonly seen: () => readonly unknown[] }
  > {
    const server = new McpServer({ name: 'tests', version: '1' });
    server.registerTool('echo', {}, () => ({ content: [{ type: 'text', text: 'hi from afar' }] }));
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => crypto.randomUUID() });
    await server.connect(transport);
    const seen: unknown[] = [];
    const listener = createServer((request, response) => {
      seen.push(request.headers.authorization);
      void transport.handleRequest(request, response);
    });
    await once(listener.listen(0, '127.0.0.1'), 'listening');
    const { port } = listener.address() as AddressInfo; // it listens on TCP
    return {
      url: `http://127.0.0.1:${port}/mcp`,
      seen: () => seen,
      async [Symbol.asyncDispose]() {
        await server.close();
        listener.closeAllConnections();
        await once(listener.close(), 'close');
      },
    };
  }
});
