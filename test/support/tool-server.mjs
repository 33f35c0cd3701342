// An MCP server of tests, over stdio. Flags: --reversed lists its tools in another order, --greets prints what is no
// message first, --silent never answers, --broken ends at once, --stubborn outlives friendly requests to end,
// --helper=SECONDS leaves a sleep in a session of its own, --extra=NAME has a tool of that name as well,
// --describes=LENGTH has so many characters to say of its first tool.
import { spawn } from 'node:child_process';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const flags = process.argv.slice(2);
const valueOf = (flag) => flags.find((each) => each.startsWith(`${flag}=`))?.slice(flag.length + 1);
const inputSchema = { type: 'object' };

const tools = {
  echo: ({ text }) => say(text),
  environment: () => say(JSON.stringify(process.env)),
  refuse: () => ({ ...say('there is no such style'), isError: true }),
  throws: () => {
    throw new Error('out of ink');
  },
  hang: () => new Promise(() => {}),
  die: () => process.kill(process.pid, 'SIGKILL'),
  long: ({ length }) => say('x'.repeat(length)),
  pid: () => say(String(process.pid)),
  mixed: () => ({
    content: [
      { type: 'image', data: 'aGVsbG8=', mimeType: 'image/png' },
      { type: 'image', data: 'aGVsbG8=', mimeType: 'image/tiff' },
      { type: 'audio', data: 'aGVsbG8=', mimeType: 'audio/wav' },
      { type: 'resource_link', name: 'guide', uri: 'file:///guide.md' },
      { type: 'resource', resource: { uri: 'file:///a.md', text: 'a text' } },
      { type: 'resource', resource: { uri: 'file:///a.bin', blob: 'aGVsbG8=' } },
    ],
  }),
  structured: () => ({ content: [], structuredContent: { answer: 42 } }),
};

if (flags.includes('--greets')) process.stdout.write('style server, ready to serve\n');
if (flags.includes('--stubborn')) {
  process.on('SIGTERM', () => {});
  setInterval(() => {}, 1000);
}
const helper = valueOf('--helper');
if (helper !== undefined) spawn('sleep', [helper], { detached: true, stdio: 'ignore', env: {} }).unref();

if (flags.includes('--broken')) {
  process.stderr.write('style.db is missing\n');
  process.exitCode = 1;
} else if (flags.includes('--silent')) {
  process.stdin.resume();
} else {
  const server = new Server({ name: 'tests', version: '1' }, { capabilities: { tools: {} } });
  const extra = valueOf('--extra');
  const names = [...Object.keys(tools), ...(extra === undefined ? [] : [extra])];
  if (flags.includes('--reversed')) names.reverse();
  server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
    // In two pages.
    const page = params?.cursor === undefined ? names.slice(0, 4) : names.slice(4);
    const list = page.map((name) => ({ name, description: `Does ${name}.${padding(name)}`, inputSchema }));
    return { tools: list, ...(params?.cursor === undefined ? { nextCursor: 'more' } : {}) };
  });
  server.setRequestHandler(CallToolRequestSchema, ({ params }) =>
    (tools[params.name] ?? tools.echo)(params.arguments ?? {}),
  );
  await server.connect(new StdioServerTransport());
}

function padding(name) {
  const length = Number(valueOf('--describes') ?? 0);
  return name === Object.keys(tools)[0] ? 'So it does. '.repeat(length / 12) : '';
}

function say(text) {
  return { content: [{ type: 'text', text }] };
}
