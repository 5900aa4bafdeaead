import { write, writeSync } from 'node:fs';
import type { LogDestination } from './server-log.js';

/** Written at once when so much waits, bytes; else after a moment. */
const batchBytes = 64 * 1024;
const batchMs = 250;
/** What waits for a reader who does not read, or for room on a disk; beyond it lines are dropped, bytes. */
const maxWaitingBytes = 4 * 1024 * 1024;
/** How often, and after which pauses, the last lines are written to a pipe that is full. */
const lastTries = 10;
const lastPauseMs = 100;

/**
 * Standard error, in batches and without waiting for whoever reads it. What cannot be written, as on a full disk, is tried again until it
 * can: a server must neither end by its log nor wait for it. `fd` is for tests.
 */
export function stderrDestination(fd = 2): LogDestination {
  // Bytes from the start: a text that is put together of many lines is taken apart again when it is written, and lives until then.
  const batch = Buffer.allocUnsafeSlow(batchBytes);
  let length = 0;
  let timer: NodeJS.Timeout | undefined;
  /** The first one may be on its way. */
  const queue: Buffer[] = [];
  let queuedBytes = 0;
  let isWriting = false;
  let pause: NodeJS.Timeout | undefined;

  function send(bytes: Buffer): void {
    if (queuedBytes + bytes.length > maxWaitingBytes) return;
    queue.push(bytes);
    queuedBytes += bytes.length;
    writeNext();
  }

  function writeNext(): void {
    const [bytes] = queue;
    if (bytes === undefined || isWriting || pause !== undefined) return;
    isWriting = true;
    write(fd, bytes, (error, written) => {
      isWriting = false;
      // Who has gone does not come back; anything else may get better.
      if (error !== null && error.code !== 'EPIPE') {
        pause = setTimeout(() => {
          pause = undefined;
          writeNext();
        }, batchMs).unref();
        return;
      }
      const done = error === null ? written : bytes.length;
      queuedBytes -= done;
      if (done < bytes.length) queue[0] = bytes.subarray(done);
      else queue.shift();
      writeNext();
    });
  }

  function takeWaiting(): Buffer {
    const waiting = Buffer.from(batch.subarray(0, length));
    length = 0;
    return waiting;
  }

  function flushSync(): void {
    clearTimeout(timer);
    timer = undefined;
    const last = queue.splice(isWriting ? 1 : 0);
    for (const { byteLength } of last) queuedBytes -= byteLength;
    writeLast(fd, Buffer.concat([...last, takeWaiting()]));
  }

  process.once('exit', flushSync);
  return {
    write(line) {
      // UTF-8 takes up to three bytes for a unit of UTF-16.
      const most = line.length * 3;
      if (length + most > batchBytes && length > 0) send(takeWaiting());
      if (most > batchBytes) {
        send(Buffer.from(line));
        return;
      }
      length += batch.write(line, length);
      timer ??= setTimeout(() => {
        timer = undefined;
        if (length > 0) send(takeWaiting());
      }, batchMs).unref();
    },
    flushSync,
  };
}

/** As much as can be written. */
function writeLast(fd: number, bytes: Buffer): void {
  let tries = lastTries;
  for (let offset = 0; offset < bytes.length && tries > 0; ) {
    try {
      offset += writeSync(fd, bytes, offset);
    } catch (error) {
      if (!isFull(error)) return;
      tries -= 1;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lastPauseMs);
    }
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}
