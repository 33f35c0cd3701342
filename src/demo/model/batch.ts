/** A message batch and how the API shows it. */
import type { BatchRequest } from './batch-body.js';
import type { ResultLine } from './batch-end.js';

export interface Batch {
  readonly id: string;
  readonly requests: readonly BatchRequest[];
  /** Those of the request that made it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  canceledAt: Date | null;
  retrieves: number;
  /** Retrieves until it ends. */
  pollsLeft: number;
  /** Set while it ends and after: two polls at the same time don't ask the script twice. */
  ending: Promise<void> | null;
  ended: { readonly at: Date; readonly lines: readonly ResultLine[] } | null;
}

/** A batch as a test sees it. */
export interface BatchRecord {
  readonly id: string;
  readonly customIds: readonly string[];
  readonly status: BatchStatus;
  /** How often a client was told how it stands. */
  readonly retrieves: number;
}

type BatchStatus = 'in_progress' | 'canceling' | 'ended';

const hourMs = 3_600_000;
const lifetimeMs = 24 * hourMs;
const archivedAfterMs = 29 * 24 * hourMs;

export function expiryOf({ createdAt }: Batch): Date {
  return new Date(createdAt.getTime() + lifetimeMs);
}

/** When its results go away. */
export function archivalOf({ createdAt }: Batch): Date {
  return new Date(createdAt.getTime() + archivedAfterMs);
}

export function recordOf(batch: Batch): BatchRecord {
  const customIds = batch.requests.map(({ customId }) => customId);
  return { id: batch.id, customIds, status: statusOf(batch), retrieves: batch.retrieves };
}

/** The API's object. */
export function batchObject(batch: Batch, facts: { readonly origin: string; readonly now: Date }) {
  const archival = archivalOf(batch);
  const isArchived = facts.now >= archival;
  const hasResults = batch.ended !== null && !isArchived;
  return {
    id: batch.id,
    type: 'message_batch',
    processing_status: statusOf(batch),
    request_counts: countsOf(batch),
    created_at: batch.createdAt.toISOString(),
    expires_at: expiryOf(batch).toISOString(),
    ended_at: batch.ended?.at.toISOString() ?? null,
    archived_at: isArchived ? archival.toISOString() : null,
    cancel_initiated_at: batch.canceledAt?.toISOString() ?? null,
    results_url: hasResults ? `${facts.origin}/v1/messages/batches/${batch.id}/results` : null,
  };
}

function statusOf({ ended, canceledAt }: Batch): BatchStatus {
  if (ended !== null) return 'ended';
  return canceledAt === null ? 'in_progress' : 'canceling';
}

/** Everything counts as processing until the whole batch has ended. */
function countsOf({ requests, ended }: Batch) {
  const counts = { processing: 0, succeeded: 0, errored: 0, canceled: 0, expired: 0 };
  if (ended === null) return { ...counts, processing: requests.length };
  for (const { result } of ended.lines) counts[result.type] += 1;
  return counts;
}
