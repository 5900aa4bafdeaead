import type { Stamp } from '../fs/stamp.js';
import type { ProjectSummary } from '../project.js';
import type { Sight } from './sight.js';
import { textChecksum } from './text-checksum.js';

/*
 * The index is two lines of JSON: a header that names its root and holds the checksum of the rest, then an array of
 * rows, which parses several times faster than objects. Damaged projects are left out: they are few, and read each
 * time.
 */
const format = 'ai-toolkit index of projects';
const version = 3;

/**
 * Bounds on the index, which is read as a whole. Projects beyond them are read each time. A UTF-16 code unit takes at
 * most 3 bytes in UTF-8.
 */
const maxBytesOfCharacter = 3;
const maxProjects = 100_000;
export const maxIndexBytes: number = 64 * 1024 * 1024;

type Row = [
  path: string,
  ...stamp: [dev: number, ino: number, size: number, mtimeMs: number, ctimeMs: number],
  ...project: [id: string, name: string, description: string, tags: readonly string[]],
  ...counts: [createdAt: number, updatedAt: number, version: number, stagesDone: number],
  origin: string | null,
];

/** The entries of the index of `root`, by path. Undefined if the index is damaged or belongs to another root. */
export function decodeIndex(text: string, root: string): Map<string, Sight<ProjectSummary>> | undefined {
  try {
    const end = text.indexOf('\n');
    const head: unknown = JSON.parse(text.slice(0, end));
    const body = text.slice(end + 1);
    if (JSON.stringify(head) !== JSON.stringify(headOf(body, root))) return undefined;
    const rows: unknown = JSON.parse(body);
    if (!Array.isArray(rows) || !rows.every(isRow)) return undefined;
    return new Map(rows.map((row) => [row[0], decodeRow(row)]));
  } catch {
    return undefined;
  }
}

export function encodeIndex(sights: ReadonlyMap<string, Sight<ProjectSummary>>, root: string): string {
  const rows: string[] = [];
  let bytes = 0;
  for (const [path, { stamp, entry }] of sights) {
    if (stamp === undefined || entry?.kind !== 'project') continue;
    const row = JSON.stringify(encodeRow(path, stamp, entry));
    const size = row.length * maxBytesOfCharacter;
    if (rows.length === maxProjects || bytes + size > maxIndexBytes) continue;
    bytes += size;
    rows.push(row);
  }
  const body = `[${rows.join(',\n')}]\n`;
  return `${JSON.stringify(headOf(body, root))}\n${body}`;
}

function headOf(body: string, root: string): object {
  return { format, version, root, length: body.length, checksum: textChecksum(body) };
}

function encodeRow(path: string, stamp: Stamp, project: ProjectSummary): Row {
  const { dev, ino, size, mtimeMs, ctimeMs } = stamp;
  const { id, name, description, tags, createdAt, updatedAt, version: count, stagesDone, origin } = project;
  const facts = [id, name, description, tags, createdAt, updatedAt, count, stagesDone] as const;
  return [path, dev, ino, size, mtimeMs, ctimeMs, ...facts, origin ?? null];
}

function decodeRow(row: Row): Sight<ProjectSummary> {
  const [path, dev, ino, size, mtimeMs, ctimeMs, id, name, description, tags, ...counts] = row;
  const [createdAt, updatedAt, count, stagesDone, origin] = counts;
  return {
    stamp: { dev, ino, size, mtimeMs, ctimeMs },
    entry: {
      kind: 'project',
      ...{ id, name, description, tags, createdAt, updatedAt, version: count, stagesDone, path },
      ...(origin === null ? {} : { origin }),
    },
  };
}

/** The checksum catches damage; this catches an index written by a faulty writer. */
function isRow(value: unknown): value is Row {
  if (!Array.isArray(value) || value.length !== 15) return false;
  const numbers = [...value.slice(1, 6), ...value.slice(10, 14)];
  const strings = [value[0], ...value.slice(6, 9)];
  const [tags, origin]: unknown[] = [value[9], value[14]];
  return (
    numbers.every((one) => typeof one === 'number') &&
    strings.every((one) => typeof one === 'string') &&
    Array.isArray(tags) &&
    tags.every((tag) => typeof tag === 'string') &&
    (origin === null || typeof origin === 'string')
  );
}
