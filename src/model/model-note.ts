/**
 * The model that an item gets, as a note behind its id in the plan: `- [ ] intro#usage/2 (model: haiku)`. A person may write
 * another one there, or take it away. Pure.
 */
import { decodePlanId, encodePlanId } from './ids.js';

/** `(model: haiku)`. Blanks and brackets of the name are percent-encoded, so that any name is read back. */
export function modelNote(model: string): string {
  const word = encodePlanId(model).replaceAll('(', '%28').replaceAll(')', '%29');
  return `(model: ${word})`;
}

/** The first model that a note names, be it one that nobody knows; null: none. The rest of the note is somebody else's. */
export function modelInNote(note: string): string | null {
  const word = /\([ \t]*model[ \t]*:([^()]*)\)/i.exec(note)?.[1]?.trim() ?? '';
  return word === '' ? null : decodePlanId(word);
}
