// An MCP server of tests that speaks without a library, so that it can say what none would: --closed answers calls with the
// code that clients have for a connection that is gone, --late with that for a time that is over, --strange with a kind
// of content that nobody knows, --shapeless lists a tool without a schema.
import readline from 'node:readline';

const flags = process.argv.slice(2);
const inputSchema = { type: 'object' };

const answers = {
  initialize: ({ protocolVersion }) => ({
    result: { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'raw', version: '1' } },
  }),
  'tools/list': () => ({
    result: { tools: [{ name: 'ask', ...(flags.includes('--shapeless') ? {} : { inputSchema }) }] },
  }),
  'tools/call': () => {
    if (flags.includes('--closed')) return { error: { code: -32000, message: 'kaputt' } };
    if (flags.includes('--late')) return { error: { code: -32001, message: 'the database is slow' } };
    return { result: { content: [{ type: 'video', x: 1 }] } };
  },
};

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  const answer = answers[method]?.(params);
  if (answer !== undefined) process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer })}\n`);
});
