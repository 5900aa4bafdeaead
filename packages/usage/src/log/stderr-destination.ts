import { pino } from 'pino';
import type { LogDestination } from './server-log.js';

/** Written at once when so much waits, bytes; else after a moment. */
const batchBytes = 64 * 1024;
const batchMs = 250;
/** What waits for a reader who does not read; beyond it lines are dropped, bytes. */
const maxWaitingBytes = 4 * 1024 * 1024;

/** Standard error, in batches and without waiting for whoever reads it. */
export function stderrDestination(): LogDestination {
  const stream = pino.destination({
    dest: 2,
    sync: false,
    contentMode: 'buffer',
    maxWrite: batchBytes,
    maxLength: maxWaitingBytes,
  });
  // Bytes from the start: a text that is put together of many lines is taken apart again when it is written, and lives until then.
  let batch = Buffer.allocUnsafeSlow(batchBytes);
  let length = 0;
  let timer: NodeJS.Timeout | undefined;

  function send(bytes: Buffer): void {
    // Types know the other mode alone.
    stream.write(bytes as unknown as string);
  }

  function writeWaiting(): void {
    if (length === 0) return;
    send(batch.subarray(0, length));
    batch = Buffer.allocUnsafeSlow(batchBytes);
    length = 0;
  }

  return {
    write(line) {
      // UTF-8 takes up to three bytes for a unit of UTF-16.
      const most = line.length * 3;
      if (length + most > batchBytes) writeWaiting();
      if (most > batchBytes) {
        send(Buffer.from(line));
        return;
      }
      length += batch.write(line, length);
      timer ??= setTimeout(() => {
        timer = undefined;
        writeWaiting();
      }, batchMs).unref();
    },
    flushSync() {
      clearTimeout(timer);
      timer = undefined;
      writeWaiting();
      stream.flushSync();
    },
  };
}
