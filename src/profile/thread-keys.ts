/** Which conversation a record belongs to, when its file doesn't say. */
import { textOf } from './json.js';
import type { Fields } from './json.js';

export interface ThreadKeys {
  /** null: the session's own conversation. */
  of(record: Fields): string | null;
}

/**
 * Streams name the call that asked for the subagent, newer transcripts the subagent; older ones have its records among
 * the session's own, where only the chain of parents leads to the first one.
 */
export function createThreadKeys(): ThreadKeys {
  const roots = new Map<string, string>();
  let chains = 0;
  return {
    of(record) {
      const named = textOf(record['parent_tool_use_id']) ?? textOf(record['agentId']);
      if (named !== null || record['isSidechain'] !== true) return named;
      const root = roots.get(textOf(record['parentUuid']) ?? '') ?? `sidechain-${(chains += 1)}`;
      const uuid = textOf(record['uuid']);
      if (uuid !== null) roots.set(uuid, root);
      return root;
    },
  };
}
