/** The scripted model's part: reads a page, and says one thing more in its description. */
import { say, use } from '../../src/demo/model/reply.js';
import type { ScriptedReply } from '../../src/demo/model/reply.js';
import type { ScriptedRequest } from '../../src/demo/model/request.js';

export const addition = '> Reviewed.';

export function editor(request: ScriptedRequest): ScriptedReply {
  const [path = ''] = /pages\/\S+\.md/.exec(request.firstMessage) ?? [];
  switch (request.turnOfPrompt) {
    case 1:
      return use({ name: 'Read', input: { file_path: path } });
    case 2: {
      const line = /^\s*\d+\t(> .*)$/m.exec(request.toolResults.at(-1)?.text ?? '')?.[1] ?? '';
      const edit = { file_path: path, old_string: line, new_string: `${line}\n${addition}` };
      return use({ name: 'Edit', input: edit });
    }
    default:
      return say('The description says that the page was reviewed.');
  }
}
