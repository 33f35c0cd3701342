/**
 * Lets the work go on when nobody reads what it prints any more: `| head`, a terminal that was closed. Without a listener
 * the failed write would end the process wherever it is.
 */
export function surviveClosing(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: Error) => {
    if (!('code' in error) || !closed.has(error.code)) throw error;
  });
}

const closed: ReadonlySet<unknown> = new Set(['EPIPE', 'EIO', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);
