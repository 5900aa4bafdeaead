import { execFileSync } from 'node:child_process';
import { rmdirSync } from 'node:fs';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own that ends early. */
export interface SmallDisk extends AsyncDisposable {
  readonly path: string;
  /** Takes what is left of it, but for so many bytes. */
  fill(leaveBytes?: number): Promise<void>;
  /** Gives that back. */
  free(): Promise<void>;
}

/** Why none can be had here; undefined where one can. */
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
          // Somebody else took the last of it meanwhile: it is full.
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
