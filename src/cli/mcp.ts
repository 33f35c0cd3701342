/** `regen mcp`: the server that a step's agent talks to over stdio; with `--control`, one for a client of one's own. */
import path from 'node:path';
import { serve } from '../mcp/serve.js';
import { RegenError } from '../model/errors.js';
import { createMask } from '../system/mask.js';
import { wireAgentTools, wireControlTools } from '../wire-mcp.js';
import type { Invocation } from './invocation.js';
import { version } from './version.js';

/** Stdout is the protocol's: nothing is reported there, an error least of all. */
export async function mcp(invocation: Invocation, isControl: boolean): Promise<number> {
  const { outside, signal, options } = invocation;
  if (options.json === true) {
    throw new RegenError('usage', 'regen mcp speaks JSON-RPC on stdout, and no --json document', {
      hint: 'Leave --json out.',
    });
  }
  const tools = isControl ? await controlled(invocation) : await wireAgentTools(outside);
  const { stdin, stdout } = process;
  await serve({ tools, version, mask: createMask(outside.env), stdin, stdout }, signal);
  return 0;
}

async function controlled(invocation: Invocation) {
  const { root } = await invocation.surroundings();
  const { config, waitState } = invocation.options;
  const flags = [
    ...(config === undefined ? [] : ['--config', config]),
    ...(waitState === false ? ['--no-wait-state'] : []),
  ];
  return wireControlTools({ root, cli: path.resolve(process.argv[1] ?? ''), flags, env: process.env });
}
