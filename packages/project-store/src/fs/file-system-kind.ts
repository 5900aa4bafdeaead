import { statfs } from 'node:fs/promises';

/**
 * File systems of this machine, by the magic numbers of statfs(2): they answer from memory, and inotify(7) reports
 * every change of them. On others, such as NFS, a change made by another machine is not reported.
 */
const localKinds: ReadonlySet<number> = new Set([
  0xef53, // ext2, ext3, ext4
  0x58465342, // XFS
  0x9123683e, // Btrfs
  0xf2f52010, // F2FS
  0x2fc12fc1, // ZFS
  0xca451a4e, // bcachefs
  0x01021994, // tmpfs
  0x794c7630, // overlayfs
]);

/** Whether a folder lies on a file system of this machine, as far as that is known. Only Linux tells. */
export async function isLocalFolder(path: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  try {
    return localKinds.has((await statfs(path)).type);
  } catch {
    return false;
  }
}
