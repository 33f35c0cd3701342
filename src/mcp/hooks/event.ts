/** What Claude Code tells a hook, and what a hook may answer. As measured with 2.1.197. */

/** Read off stdin; fields that are no business of ours are left out. */
export interface HookEvent {
  readonly hook_event_name?: unknown;
  readonly tool_name?: unknown;
  readonly tool_input?: unknown;
  readonly tool_response?: unknown;
}

/** `hookSpecificOutput`: what is to be used in place of the tool's input or output. */
export interface HookAnswer {
  readonly hookEventName: 'PreToolUse' | 'PostToolUse';
  readonly updatedInput?: Fields;
  readonly updatedToolOutput?: Fields;
  readonly additionalContext?: string;
}

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
