/** Sessions of a given number of requests: reading, edits one by one, test runs that fail until the last edit. */
import type { Script } from '../../src/demo/model/conversation.js';
import { say, use } from '../../src/demo/model/reply.js';
import type { ScriptedReply, ToolCall } from '../../src/demo/model/reply.js';
import { fresh, guides, itemFile, stale, testCommand } from './catalog.js';

export type TestsBy = 'bash' | 'run_checks';

type Act = { readonly kind: 'read' | 'edit'; readonly number: number } | { readonly kind: 'test' };

/** One act per request; the last request only says that it is done. */
function actsOf(requests: number): readonly Act[] {
  const acts: Act[] = [{ kind: 'read', number: 0 }];
  const reads = Math.min(guides.length, Math.floor(requests * 0.15));
  for (let number = 1; number <= reads; number += 1) acts.push({ kind: 'read', number });
  let edits = 0;
  while (acts.length < requests - 2) {
    const isTest = edits > 0 && edits % 3 === 0 && acts.at(-1)?.kind !== 'test';
    acts.push(isTest ? { kind: 'test' } : { kind: 'edit', number: (edits += 1) });
  }
  // The last test run passes: it comes after the last edit.
  return [...acts, { kind: 'test' }];
}

export function editsOf(requests: number): number {
  return actsOf(requests).filter(({ kind }) => kind === 'edit').length;
}

export function sessionScript(requests: number, testsBy: TestsBy): Script {
  const acts = actsOf(requests);
  return (request): ScriptedReply => {
    const item = /items\/(library-\d+)\.md/.exec(request.prompts.join('\n'))?.[1] ?? '';
    const act = acts[request.turn - 1];
    return act === undefined ? say('Every entry is up to date.') : use(callOf(act, item, testsBy));
  };
}

function callOf(act: Act, item: string, testsBy: TestsBy): ToolCall {
  switch (act.kind) {
    case 'read':
      return {
        name: 'Read',
        input: { file_path: act.number === 0 ? itemFile(item) : guides[act.number - 1] },
      };
    case 'edit': {
      const [old_string, new_string] = [stale(act.number), fresh(act.number)];
      return { name: 'Edit', input: { file_path: itemFile(item), old_string, new_string } };
    }
    case 'test':
      return testsBy === 'bash'
        ? { name: 'Bash', input: { command: testCommand(item), description: 'Run the tests' } }
        : { name: 'mcp__regen__run_checks', input: {} };
  }
}
