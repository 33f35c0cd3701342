/** The parts of the user message that regen itself writes. */
import type { Segment } from '../model/prompt.js';

export interface MessageFacts {
  readonly target: string;
  readonly item: string;
  /** Absolute; null while only measuring. */
  readonly worktree: string | null;
  /** Paths or globs in the worktree, placeholders filled. */
  readonly writes: readonly string[];
  readonly changeRequests: readonly string[];
  /** The names of the checks, in the order in which they run. */
  readonly checks: readonly string[];
}

/** What follows the task: a person's change requests, where the work takes place, and how it will be judged. */
export function messageSegments(facts: MessageFacts): readonly Segment[] {
  return [
    ...(facts.changeRequests.length > 0 ? [part('change request', changeRequest(facts.changeRequests))] : []),
    part('place of work', place(facts)),
    ...(facts.checks.length > 0 ? [part('checks', checks(facts.checks))] : []),
  ];
}

function part(source: string, text: string): Segment {
  return { layer: 'task', source, text };
}

function changeRequest(requests: readonly string[]): string {
  return `# Change request

This is a hard requirement: it stands above everything else that you are told here, and work that does not meet it is not
accepted.

${bullets(requests)}`;
}

function place(facts: MessageFacts): string {
  const lines = [
    `Target: \`${facts.target}\``,
    `Item: \`${facts.item}\``,
    ...(facts.worktree === null ? [] : [`Worktree, your current directory: ${facts.worktree}`]),
    `May be written, relative to the worktree, and nothing else: ${facts.writes.map((path) => `\`${path}\``).join(', ')}`,
  ];
  return `# Place of work\n\n${bullets(lines)}`;
}

function checks(names: readonly string[]): string {
  return `# How the work is checked

When you end, these checks run by themselves, in this order: ${names.join(', ')}. If one fails you are told what it
said, and get another turn.`;
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}
