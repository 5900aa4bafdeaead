import { readdir, readFile, readlink } from 'node:fs/promises';

/** The remote ports of a process's TCP connections over IPv4; Linux only. */
export async function peerPortsOf(pid: number): Promise<ReadonlySet<number>> {
  const folder = `/proc/${pid}/fd`;
  const targets = await Promise.all(
    (await readdir(folder)).map((fd) => readlink(`${folder}/${fd}`).catch(() => '')),
  );
  const inodes = new Set(targets.map((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1]));
  const rows = (await readFile(`/proc/${pid}/net/tcp`, 'utf8')).trim().split('\n').slice(1);
  const ports = rows
    .map((row) => row.trim().split(/\s+/))
    .filter((cells) => inodes.has(cells[9]))
    .map((cells) => Number.parseInt(cells[2]?.split(':')[1] ?? '0', 16));
  return new Set(ports);
}
