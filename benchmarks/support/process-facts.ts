import { readdir, readFile } from 'node:fs/promises';

/** Facts about processes from `/proc`; Linux only. */

/** Clock ticks per second in `/proc`, the same on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** CPU time that processes have used so far, user and system, µs. */
export async function cpuOf(pids: readonly number[]): Promise<number> {
  const ticks = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
      // Fields 14 and 15 of proc(5), after the name, which may contain anything and ends at the last parenthesis.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(fields[11]) + Number(fields[12]);
    }),
  );
  return (ticks.reduce((sum, each) => sum + each, 0) * 1_000_000) / ticksPerSecond;
}

/** Resident memory, bytes. */
export async function residentBytesOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** Open files and sockets. */
export async function openFilesOf(pid: number): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length;
}

/** The live child processes. */
export async function childrenOf(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.split(' ').filter(Boolean).map(Number);
}
