import { write, writeSync } from 'node:fs';
import type { LogDestination } from './server-log.js';

/** A batch is written once it has this size, in bytes, or after a moment. */
const batchBytes = 64 * 1024;
const batchMs = 250;
/** Most bytes that wait for a reader that does not read, or for space on a disk; beyond it lines are dropped. */
const maxWaitingBytes = 4 * 1024 * 1024;
/** How many times, and after which pauses, to try writing the last lines to a pipe that is full. */
const lastTries = 10;
const lastPauseMs = 100;

/**
 * Standard error, in batches and without waiting for its reader. What cannot be written, as on a full disk, is retried until it can: the
 * log must neither end the server nor hold it up. `fd` is for tests.
 */
export function stderrDestination(fd = 2): LogDestination {
  // Bytes from the start: a string joined from many lines is flattened only when it is written, and its parts live until then.
  const batch = Buffer.allocUnsafeSlow(batchBytes);
  let length = 0;
  let timer: NodeJS.Timeout | undefined;
  /** The first one may be in the middle of being written. */
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
      // A reader that is gone does not come back; any other failure may pass.
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
      // UTF-8 takes up to three bytes for each UTF-16 unit.
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

/** Writes as much as possible. */
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
