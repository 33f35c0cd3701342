/**
 * The next turn of a session that was interrupted. Claude Code drops a tool call without a result from what the model
 * sees, although the tool may have been at work.
 */
export function goOnMessage(text: string | null): string {
  const told = [
    'You were interrupted in the middle of your work. Commands were ended, and what you did last may be missing above or',
    'done by half. Look at what is there, then finish the task.',
  ].join('\n');
  return text === null ? told : `${told}\n\n${text}`;
}
