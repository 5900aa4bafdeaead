import { pino } from 'pino';
import type { LogDestination } from './server-log.js';

/** Written at once when so much waits, characters; else after a moment. */
const batchLength = 16 * 1024;
const batchMs = 250;
/** What waits for a reader who does not read; beyond it lines are dropped, bytes. */
const maxWaitingBytes = 4 * 1024 * 1024;

/** Standard error, in batches and without waiting for whoever reads it. */
export function stderrDestination(): LogDestination {
  const stream = pino.destination({
    dest: 2,
    sync: false,
    maxWrite: 4 * batchLength,
    maxLength: maxWaitingBytes,
  });
  let waiting = '';
  let timer: NodeJS.Timeout | undefined;

  function writeWaiting(): void {
    const batch = waiting;
    waiting = '';
    stream.write(batch);
  }

  return {
    write(line) {
      waiting += line;
      if (waiting.length >= batchLength) writeWaiting();
      else
        timer ??= setTimeout(() => {
          timer = undefined;
          if (waiting !== '') writeWaiting();
        }, batchMs).unref();
    },
    flushSync() {
      clearTimeout(timer);
      timer = undefined;
      if (waiting !== '') writeWaiting();
      stream.flushSync();
    },
  };
}
