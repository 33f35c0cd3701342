/** What is sent to the agent. */

/** From the most to the least shared. `static` and `target` make up the cached prefix. */
export type Layer = 'static' | 'target' | 'item' | 'task';

export interface Segment {
  readonly layer: Layer;
  /** The file it came from, or what it is. */
  readonly source: string;
  readonly text: string;
}

export interface Prompt {
  /** The system prompt: static and target segments, byte-identical for every item of the target. */
  readonly prefix: string;
  /** SHA-256 of the prefix, hex. */
  readonly prefixHash: string;
  /** The user message: what is the item's own. */
  readonly message: string;
  readonly segments: readonly Segment[];
}

/** Whether `prompt.task` names a file: no blank in it, and a `/` or the ending of a text file. Else it is the text. */
export function isTaskFile(task: string): boolean {
  return !/\s/.test(task) && (task.includes('/') || /\.(?:md|txt)$/.test(task));
}
