/** Rows of a ledger, and a ledger of them. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { LedgerRow, MessageRow, RunRow } from '../../src/model/ledger.js';
import { noUsage } from '../../src/model/usage.js';

const place = {
  v: 2,
  at: '2026-11-20T11:00:00.000Z',
  plan: '20261120T080000Z',
  target: 'alpha',
  item: 'one',
  stage: 'agent',
  round: 0,
  attempt: 'attempt-1',
  session: 'session-1',
  prefixHash: null,
} as const;

/** Of one request that cost nothing and used nothing, unless the change says so. */
export function messageRow(change: Partial<MessageRow> = {}): MessageRow {
  return {
    ...place,
    kind: 'message',
    message: 'msg',
    model: 'claude-opus-4-8',
    input: 0,
    output: 0,
    cacheRead: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    costUsd: 0,
    isSidechain: false,
    isEstimate: false,
    ...change,
  };
}

export function runRow(change: Partial<RunRow> = {}): RunRow {
  return {
    ...place,
    kind: 'run',
    run: 'agent-0-session',
    outcome: 'completed',
    durationMs: 0,
    usage: noUsage,
    estimated: noUsage,
    peakContext: 0,
    reported: null,
    difference: null,
    ...change,
  };
}

/** Writes `.regen/ledger.jsonl` below the folder; texts are lines that are no rows. */
export async function writeLedger(root: string, rows: readonly (LedgerRow | string)[]): Promise<void> {
  const folder = path.join(root, '.regen');
  await mkdir(folder, { recursive: true });
  const lines = rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row)));
  await writeFile(path.join(folder, 'ledger.jsonl'), lines.map((line) => `${line}\n`).join(''));
}
