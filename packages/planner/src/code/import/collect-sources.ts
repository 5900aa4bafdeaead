import { lstat } from 'node:fs/promises';
import { basename, dirname, relative, sep } from 'node:path';
import type { SourceFile } from './fit.js';
import { type LeftOut, leftOut } from './left-out.js';
import { readSource } from './read-source.js';
import { walk } from './walk.js';

export interface Sources {
  readonly files: readonly SourceFile[];
  readonly leftOut: readonly LeftOut[];
}

/** Upper bound on what is read of a tree, bytes; a token budget admits only a small part of it. */
const maxTotalBytes = 64 * 1024 * 1024;

/**
 * Collects the files of the given paths, each once, sorted by path. Paths are relative to their deepest common folder,
 * so that they do not depend on where they are read from.
 */
export async function collectSources(
  named: readonly string[],
  target: string,
  maxFileBytes: number,
  signal: AbortSignal | undefined,
): Promise<Sources> {
  const base = await commonFolder(named);
  const nameOf = (path: string): string => {
    // A folder that is named alone is the common folder.
    const name = relative(base, path).split(sep).join('/') || basename(path);
    return path.endsWith(sep) ? `${name}/` : name;
  };
  const found = new Map<string, { readonly path: string; readonly reason?: LeftOut['reason'] }>();
  for (const one of named) {
    for await (const entry of walk(one)) {
      signal?.throwIfAborted();
      // Do not import the result of the previous import.
      if (entry.path !== target) found.set(nameOf(entry.path), entry);
    }
  }
  const files: SourceFile[] = [];
  const missing: LeftOut[] = [];
  let bytes = 0;
  for (const [name, { path, reason }] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    signal?.throwIfAborted();
    if (reason !== undefined) {
      missing.push(leftOut(name, reason));
      continue;
    }
    const source =
      bytes > maxTotalBytes ? ({ reason: 'budget' } as const) : await readSource(path, maxFileBytes);
    if ('reason' in source) {
      missing.push(leftOut(name, source.reason));
    } else {
      bytes += Buffer.byteLength(source.text);
      files.push({ path: name, text: source.text });
    }
  }
  return { files, leftOut: missing };
}

async function commonFolder(paths: readonly string[]): Promise<string> {
  const folders = await Promise.all(paths.map(folderOf));
  const [first = [], ...others] = folders.map((folder) => folder.split(sep));
  const length = first.findIndex((part, index) => others.some((other) => other[index] !== part));
  const shared = length < 0 ? first : first.slice(0, length);
  return shared.join(sep) || sep;
}

async function folderOf(path: string): Promise<string> {
  const isFolder = await lstat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  return isFolder ? path : dirname(path);
}
