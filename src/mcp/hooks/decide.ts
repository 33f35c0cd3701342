/** What a hook answers: long reports and outputs are kept out of the conversation. Pure; null: nothing is to be changed. */
import { longestReport } from '../../model/agent-tools.js';
import { isFields } from './event.js';
import type { Fields, HookAnswer, HookEvent } from './event.js';

export interface HookLimits {
  /** Characters of one output that stay in the conversation. */
  readonly output: number;
  /** Whether the agent, and so a subagent, has save_report. */
  readonly canSave: boolean;
}

/** What has to be looked at or written outside; both answer null when they can't. */
export interface HookEffects {
  /** A text file's content. */
  readText(file: string): string | null;
  /** Keeps a report; returns its path. */
  save(report: string): string | null;
}

export function decide(event: HookEvent, limits: HookLimits, effects: HookEffects): HookAnswer | null {
  const { hook_event_name: name, tool_name: tool, tool_input: input, tool_response: output } = event;
  if (name === 'PreToolUse' && isFields(input)) {
    if (tool === 'Agent' || tool === 'Task') return briefReport(input, limits);
    if (tool === 'Read') return firstLines(input, limits, effects);
  }
  if (name === 'PostToolUse' && isFields(output)) {
    if (tool === 'Agent' || tool === 'Task') return keptReport(output, effects);
    if (tool === 'Grep') return cutMatches(output, limits);
  }
  return null;
}

/** Asked beforehand, a subagent sums up what it found; cut afterwards, its report is only cut. */
function briefReport(input: Fields, { canSave }: HookLimits): HookAnswer | null {
  const { prompt } = input;
  if (typeof prompt !== 'string') return null;
  const rest = canSave ? ' Longer findings go to a file with save_report: name its path.' : '';
  const rule = `\n\nYour report: at most ${longestReport} characters, with file:line where it matters.${rest}`;
  return { hookEventName: 'PreToolUse', updatedInput: { ...input, prompt: `${prompt}${rule}` } };
}

function keptReport(output: Fields, effects: HookEffects): HookAnswer | null {
  const { content } = output;
  if (!Array.isArray(content)) return null;
  const blocks: readonly unknown[] = content;
  const texts = blocks.flatMap((block) =>
    isFields(block) && typeof block['text'] === 'string' ? [block['text']] : [],
  );
  const report = texts.join('\n\n');
  if (report.length <= longestReport || texts.length < blocks.length) return null;
  const file = effects.save(report);
  if (file === null) return null;
  const tail = `\n[…] ${report.length} characters in all: ${file}`;
  const text = `${wholeLines(report, longestReport - tail.length)}${tail}`;
  return {
    hookEventName: 'PostToolUse',
    updatedToolOutput: { ...output, content: [{ type: 'text', text }] },
  };
}

/** Whoever asks for certain lines gets them: what is cut is the reading of a large file without a second thought. */
function firstLines(input: Fields, { output }: HookLimits, effects: HookEffects): HookAnswer | null {
  const { file_path: file, offset, limit } = input;
  if (typeof file !== 'string' || offset !== undefined || limit !== undefined) return null;
  const text = effects.readText(file);
  if (text === null || text.length <= output) return null;
  const lines = text.split('\n');
  let [room, count] = [output, 0];
  for (const line of lines) {
    room -= line.length + 7; // Read puts the number of each line in front of it
    if (room < 0) break;
    count += 1;
  }
  if (count === 0 || count >= lines.length) return null;
  const part = `lines 1-${count} of ${lines.length}`;
  const name = file.slice(file.lastIndexOf('/') + 1);
  const additionalContext = `Read ${part} of ${name}; for others give offset and limit.`;
  return { hookEventName: 'PreToolUse', updatedInput: { ...input, limit: count }, additionalContext };
}

function cutMatches(output: Fields, { output: longest }: HookLimits): HookAnswer | null {
  const { content } = output;
  if (typeof content !== 'string' || content.length <= longest) return null;
  const kept = wholeLines(content, longest);
  const note = `\n[${content.length - kept.length} characters more: narrow the pattern]`;
  return { hookEventName: 'PostToolUse', updatedToolOutput: { ...output, content: `${kept}${note}` } };
}

/** At most `length` characters, up to the end of a line where there is one in the second half. */
function wholeLines(text: string, length: number): string {
  const start = text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
  const end = start.lastIndexOf('\n');
  return end > length / 2 ? start.slice(0, end) : start;
}
