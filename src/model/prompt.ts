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

/** What is sent for several small items at once. */
export interface PackPrompt extends Prompt {
  /**
   * The prefix in the parts that are cached each by itself: equal for all targets, the references where all of them are
   * sent, equal for this target.
   */
  readonly parts: readonly string[];
}

/** A block as a pack's message shows it. */
export interface PackedBlock {
  /** How its answer names it: its number in the pack. */
  readonly id: string;
  readonly text: string;
  readonly path: string;
  /** What places it: headings, the class around it; '' when nothing does. */
  readonly context: string;
  /** What of its form the answer keeps; '' when nothing has to be said. */
  readonly shape: string;
  readonly changeRequests: readonly string[];
}

/** Whether `prompt.task` names a file: no blank in it, and a `/` or the ending of a text file. Else it is the text. */
export function isTaskFile(task: string): boolean {
  return !/\s/.test(task) && (task.includes('/') || /\.(?:md|txt)$/.test(task));
}
