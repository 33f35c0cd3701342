/** The paths of the Message Batches API. */
import {
  batchResults,
  cancelBatch,
  createBatch,
  deleteBatch,
  listBatches,
  retrieveBatch,
  type Batches,
  type BatchReply,
} from './batches.js';

export interface BatchCall {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const base = '/v1/messages/batches';
const pattern = /^\/v1\/messages\/batches(?:\/(?<id>[^/]+)(?<rest>\/cancel|\/results)?)?$/;

/** Null: no such path. */
export async function answerBatchCall(batches: Batches, call: BatchCall): Promise<BatchReply | null> {
  if (!call.path.startsWith(base)) return null;
  // The results' address has to be the one that the client came by.
  const origin = `http://${call.headers['host'] ?? 'localhost'}`;
  const { pathname, searchParams } = new URL(call.path, origin);
  const match = pattern.exec(pathname);
  if (match === null) return null;
  const { id = '', rest = '' } = match.groups ?? {};
  switch (`${call.method} ${id === '' ? '' : 'id'}${rest}`) {
    case 'POST ':
      return createBatch(batches, { ...call, origin });
    case 'GET ': {
      const query = (name: string) => searchParams.get(name);
      const page = { limit: query('limit'), after_id: query('after_id'), before_id: query('before_id') };
      return listBatches(batches, page, origin);
    }
    case 'GET id':
      return retrieveBatch(batches, { id, origin });
    case 'DELETE id':
      return deleteBatch(batches, id);
    case 'POST id/cancel':
      return cancelBatch(batches, { id, origin });
    case 'GET id/results':
      return batchResults(batches, id);
    default:
      return null;
  }
}
