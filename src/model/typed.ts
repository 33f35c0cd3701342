import { encodePlanId } from './ids.js';
import { shellQuote } from './template.js';

/** The id as a person types it behind a command: `altair`, `'it'\''s'`, `-- -x`. Pasted, it never means anything else. */
export function typed(id: string): string {
  const word = shellQuote(encodePlanId(id));
  return id.startsWith('-') ? `-- ${word}` : word;
}
