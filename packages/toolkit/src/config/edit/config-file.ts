import { chmod, mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigError } from '../../errors.js';
import { readConfigText } from '../read-layer.js';

/** A process that writes a configuration has ended, or has crashed, after this. */
const staleLockMs = 10_000;
const retryMs = 20;

/**
 * Changes a configuration file: reads it (an empty text where there is none), and puts what `change` makes of it in its place,
 * whole or not at all. Only its owner can read it, since it may hold keys. A second process waits. Fails with
 * `CONFIG_UNWRITABLE`, or as `change` does.
 */
export async function changeConfigFile(
  file: string,
  change: (text: string) => string | Promise<string>,
): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    // A file that is kept elsewhere and linked stays there.
    const target = await realpath(file).catch(() => file);
    await using next = await lock(`${target}.lock`);
    const before = (await readConfigText(target, false)) ?? '';
    const after = await change(before);
    if (after === before) {
      if (before !== '') await chmod(target, 0o600);
      return;
    }
    await next.write(after);
    await rename(next.path, target);
  } catch (error) {
    if (ConfigError.isInstance(error)) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    throw new ConfigError('CONFIG_UNWRITABLE', `${file} cannot be written (${code}).`, {
      hint: 'Make its folder writable and give the disk room, or set AI_TOOLKIT_HOME to another folder.',
      cause: error,
    });
  }
}

interface NextFile extends AsyncDisposable {
  readonly path: string;
  write(text: string): Promise<void>;
}

/** The file that takes the old one's place is the lock as well, as git has it. */
async function lock(path: string): Promise<NextFile> {
  for (;;) {
    try {
      const handle = await open(path, 'wx', 0o600);
      return {
        path,
        async write(text) {
          await handle.writeFile(text);
          await handle.sync();
        },
        async [Symbol.asyncDispose]() {
          await handle.close();
          await rm(path, { force: true });
        },
      };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now());
      if (age > staleLockMs) await rm(path, { force: true });
      else await delay(retryMs);
    }
  }
}
