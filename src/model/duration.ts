/** `10s`, `30m`, `20h`, `2d`, `500ms` as milliseconds. */
const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export const durationPattern = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** Milliseconds, or null when the text is no duration. */
export function parseDuration(text: string): number | null {
  const match = durationPattern.exec(text);
  const unit = match?.[2] as keyof typeof unitMs | undefined; // the pattern allows only these
  return match?.[1] === undefined || unit === undefined ? null : Number(match[1]) * unitMs[unit];
}

/** `93 s`, `2 m 05 s`, `1 h 04 m`: for people. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 100) return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${pad(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} m`;
}

/** `48s`, `6m 18s`, `2h 35m`: in a column of a table. */
export function formatSpan(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes}m ${seconds % 60}s` : `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
