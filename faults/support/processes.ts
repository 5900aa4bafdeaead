import { readFile } from 'node:fs/promises';

/** Whether facts about processes can be read from `/proc`: on Linux only. */
export const hasProc: boolean = process.platform === 'linux';

/** Resident memory, bytes. */
export async function residentBytesOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** Bytes the process has read so far, from files and sockets. */
export async function bytesReadBy(pid: number): Promise<number> {
  const io = await readFile(`/proc/${pid}/io`, 'utf8');
  return Number(/^rchar: (\d+)$/m.exec(io)?.[1]);
}
