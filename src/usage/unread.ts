/** Lines that could not be read. `torn`: cut off by a crash. `unknown`: not written by this version of regen. */
export interface UnreadLines {
  readonly torn: number;
  readonly unknown: number;
}

/** Is told, in one line, how many lines could not be read: a sum is never silently too small. */
export type Say = (line: string) => void;

export function sayUnread(ledger: string, unread: UnreadLines, say: Say): void {
  const text = unreadText(ledger, unread);
  if (text !== null) say(text);
}

/** null: every line could be read. */
function unreadText(ledger: string, { torn, unknown }: UnreadLines): string | null {
  const kinds = [
    ...(torn > 0 ? [`${torn} cut off by a crash`] : []),
    ...(unknown > 0 ? [`${unknown} not written by this version of regen`] : []),
  ];
  return kinds.length === 0 ? null : `${ledger}: lines left out of the sums: ${kinds.join(', ')}`;
}
