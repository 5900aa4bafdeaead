import { execFileSync } from 'node:child_process';
import { rmdirSync } from 'node:fs';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small file system of its own. */
export interface SmallDisk extends AsyncDisposable {
  readonly path: string;
  /** Fills the remaining space, except for `leaveBytes`. */
  fill(leaveBytes?: number): Promise<void>;
  /** Frees the space that `fill` took. */
  free(): Promise<void>;
}

/** Why a small disk cannot be mounted here; undefined if it can. */
export function noSmallDisk(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'a small disk is mounted by root, on Linux';
  const folder = join(tmpdir(), `ai-toolkit-mount-${process.pid}`);
  try {
    execFileSync('mkdir', [folder]);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    return undefined;
  } catch {
    return 'this root may not mount a file system';
  } finally {
    rmdirSync(folder);
  }
}

export async function mountSmallDisk(bytes: number): Promise<SmallDisk> {
  const path = await mkdtemp(join(tmpdir(), 'ai-toolkit-small-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path]);
  const ballast = join(path, 'ballast');
  return {
    path,
    fill: async (leaveBytes = 0) => {
      const { bavail, bsize } = await statfs(path);
      await writeFile(ballast, Buffer.alloc(Math.max(0, bavail * bsize - leaveBytes))).catch(
        (error: NodeJS.ErrnoException) => {
          // Another process used the remaining space in the meantime: the disk is full.
          if (error.code !== 'ENOSPC') throw error;
        },
      );
    },
    free: () => rm(ballast),
    [Symbol.asyncDispose]: async () => {
      execFileSync('umount', ['--lazy', path]);
      await rm(path, { recursive: true });
    },
  };
}
