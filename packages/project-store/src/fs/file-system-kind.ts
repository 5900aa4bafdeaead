import { statfs } from 'node:fs/promises';

/**
 * Local file systems, by their statfs(2) magic numbers. They answer from memory, and inotify(7) reports every change.
 * On others, such as NFS, changes made by another machine are not reported.
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

/** Whether a folder is known to be on a local file system. Always false except on Linux. */
export async function isLocalFolder(path: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  try {
    return localKinds.has((await statfs(path)).type);
  } catch {
    return false;
  }
}
