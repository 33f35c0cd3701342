/** Which tools of a server the model gets, and under which names. Pure. */
import { RegenError } from '../model/errors.js';
import { closest } from '../model/suggest.js';
import { hashOf } from '../system/content-hash.js';

interface NamedTool {
  readonly name: string;
}

/**
 * Those that `worker.mcp.servers.<server>.tools` lists; all of them when it lists none.
 *
 * @throws RegenError `config` for a name that the server doesn't have.
 */
export function chosenTools<Tool extends NamedTool>(
  server: string,
  tools: readonly Tool[],
  listed: readonly string[] | undefined,
): readonly Tool[] {
  if (listed === undefined) return tools;
  const names = tools.map(({ name }) => name);
  const unknown = listed.find((name) => !names.includes(name));
  if (unknown === undefined) return tools.filter(({ name }) => listed.includes(name));
  const near = closest(unknown, names);
  const there = names.length === 0 ? 'It has no tools.' : `It has: ${names.join(', ')}.`;
  throw new RegenError(
    'config',
    `worker.mcp.servers.${server}.tools names ${JSON.stringify(unknown)}, and the server has no such tool`,
    { hint: near === null ? there : `Did you mean ${JSON.stringify(near)}?` },
  );
}

/** What the API allows. */
const longestName = 64;
const forbidden = /[^A-Za-z0-9_-]/g;

/** `<server>__<tool>`; what the API wouldn't take is replaced, and a hash keeps such names apart. */
export function providerName(server: string, tool: string): string {
  const whole = `${server}__${tool}`;
  const plain = whole.replace(forbidden, '_');
  if (plain === whole && plain.length <= longestName) return plain;
  return `${plain.slice(0, longestName - 9)}_${hashOf(whole).slice(0, 8)}`;
}

/**
 * By name, whatever the order in which servers answer: tools stand at the front of the cached prefix.
 *
 * @throws RegenError `config` when two have the same name.
 */
export function sortedTools<Tool extends NamedTool>(tools: readonly Tool[]): readonly Tool[] {
  const sorted = tools.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  const twice = sorted.find(({ name }, index) => name === sorted[index + 1]?.name);
  if (twice === undefined) return sorted;
  throw new RegenError('config', `two tools of worker.mcp would be called ${twice.name}`, {
    hint: 'Give one of the servers another name.',
  });
}
