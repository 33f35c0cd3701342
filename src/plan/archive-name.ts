/** Names in `.regen-history/`: `<target>-<YYYYMMDD-HHMMSS>.md`, UTC. */
import { decodeId, encodeId } from '../model/ids.js';

export interface ArchiveFacts {
  readonly target: string;
  readonly at: Date;
  /** 1-based; a further plan of the target in the same second gets `-2` and so on. */
  readonly copy: number;
  readonly isAbandoned: boolean;
}

export function archiveName({ target, at, copy, isAbandoned }: ArchiveFacts): string {
  const stamp = at.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${encodeId(target)}-${stamp}${copy > 1 ? `-${copy}` : ''}${isAbandoned ? '.abandoned' : ''}.md`;
}

/** Null for other files, and for abandoned plans: their targets weren't finished. */
export function readArchiveName(name: string): { readonly target: string; readonly at: Date } | null {
  // Targets may hold dashes and digits, even an instant of their own: the last one in the name counts.
  const match = /^(.+)-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)(?:-\d{1,3})?\.md$/.exec(name);
  if (match?.[1] === undefined) return null;
  const [year, month, day, hour, minute, second] = match.slice(2);
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at.getTime()) ? null : { target: decodeId(match[1]), at };
}
