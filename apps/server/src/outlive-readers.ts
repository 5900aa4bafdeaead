/**
 * Keeps this process running when the reader of its output is gone: a pager or `tee` that got the same signal as the server, or a log
 * collector being restarted. A server that has requests to finish must not die of a failed write to its output.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    // Replaces the handler of the command line, which ends the process.
    stream.removeAllListeners('error');
    stream.on('error', () => undefined);
  }
}
