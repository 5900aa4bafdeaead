/**
 * Has this process go on when whoever reads its output has gone: a pager or `tee` that got the same signal as the server, a log that is
 * started anew. A server that has something to finish must not end by what it cannot say.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    // Also in place of what a command does then, which is to end.
    stream.removeAllListeners('error');
    stream.on('error', () => undefined);
  }
}
