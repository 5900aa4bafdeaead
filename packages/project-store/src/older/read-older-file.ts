import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { errorCode } from '../fs/error-code.js';
import { ParseFailure } from '../parse.js';
import { StoreError } from '../store-error.js';
import { maxTextBytes } from '../text-limit.js';
import type { OlderSource } from './convert-project.js';

/** Paths of the older projects in a folder: its own file, else that of each subfolder. A file stands for itself. */
export async function findOlderFiles(place: string): Promise<string[]> {
  const path = resolve(place);
  try {
    const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
      if (errorCode(error) === 'ENOTDIR') return undefined;
      throw error;
    });
    if (entries === undefined) return [path];
    const own = entries.find(({ name }) => isProjectFile(name));
    if (own !== undefined) return [join(path, own.name)];
    const folders = entries.filter((entry) => !entry.name.startsWith('.') && !entry.isFile());
    const found: string[] = [];
    for (const { name } of folders.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      // An unlistable folder may still contain a project, and a linked one is reported rather than followed.
      const names = await readdir(join(path, name)).catch(() => ['project.json']);
      const file = names.find(isProjectFile);
      if (file !== undefined) found.push(join(path, name, file));
    }
    return found;
  } catch (error) {
    throw new StoreError('STORE_UNREADABLE', `Cannot read ${path}: ${errorCode(error) ?? String(error)}.`, {
      hint: 'Name the folder in which the older projects are, or the file of one.',
      cause: error,
    });
  }
}

/** @throws ParseFailure if it cannot be read as text */
export async function readOlderFile(path: string): Promise<OlderSource> {
  const bytes = await readBytes(path);
  const { mtimeMs } = await lstat(path).catch(() => ({ mtimeMs: 0 }));
  const text = decode(bytes);
  // UTF-8 may need more bytes than UTF-16.
  refuseLarge(Buffer.byteLength(text));
  return { text, folder: basename(dirname(path)), changedAt: Math.round(mtimeMs) };
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    // A link could lead anywhere, and a FIFO could block; neither is a project.
    if ((await lstat(dirname(path))).isSymbolicLink())
      throw new ParseFailure('its folder is a symbolic link; name what it leads to');
    const handle = await open(
      path,
      constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
    );
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) throw new ParseFailure('it is not a file');
      refuseLarge(stats.size);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof ParseFailure) throw error;
    const code = errorCode(error) ?? String(error);
    throw new ParseFailure(code === 'ELOOP' ? 'it is a symbolic link' : `it cannot be read (${code})`);
  }
}

/** The file is kept as a text of the project. */
function refuseLarge(bytes: number): void {
  if (bytes > maxTextBytes) throw new ParseFailure(`it has more than ${maxTextBytes} bytes`);
}

/** UTF-8, or UTF-16 as some Windows programs write it. Never guesses at anything else. */
function decode(bytes: Buffer): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ParseFailure('it is neither UTF-8 nor UTF-16');
  }
}

function isProjectFile(name: string): boolean {
  return name.toLowerCase() === 'project.json';
}
