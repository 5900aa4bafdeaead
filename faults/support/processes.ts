import { readFile } from 'node:fs/promises';

/** What `/proc` tells of a process: on Linux alone. */
export const hasProc: boolean = process.platform === 'linux';

/** Resident memory, bytes. */
export async function residentBytesOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** Bytes that it has read so far, from files and sockets. */
export async function bytesReadBy(pid: number): Promise<number> {
  const io = await readFile(`/proc/${pid}/io`, 'utf8');
  return Number(/^rchar: (\d+)$/m.exec(io)?.[1]);
}
