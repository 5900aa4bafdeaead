import { rm } from 'node:fs/promises';
import { ConfigError } from '../../errors.js';
import { fileErrorCode, replaceFile } from '../../files/replace-file.js';

/**
 * Changes a configuration file: `change` gets its text, empty if there is no file. The file is readable only by its
 * owner, since it may contain keys. Fails with `CONFIG_UNWRITABLE`, or as `change` does; the file is then unchanged.
 */
export async function changeConfigFile(
  file: string,
  change: (text: string) => string | Promise<string>,
): Promise<void> {
  await orUnwritable(file, () => replaceFile(file, (before) => change(before ?? '')));
}

/** Removes a configuration file, which restores all defaults. */
export async function resetConfigFile(file: string): Promise<void> {
  await orUnwritable(file, () => rm(file, { force: true }));
}

async function orUnwritable(file: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === undefined) throw error;
    throw new ConfigError('CONFIG_UNWRITABLE', `${file} cannot be written (${code}).`, {
      hint: 'Make its folder writable and give the disk room, or set AI_TOOLKIT_HOME to another folder.',
      cause: error,
    });
  }
}
