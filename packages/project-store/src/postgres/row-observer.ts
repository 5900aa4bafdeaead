import { damaged } from '../list/entry.js';
import { StoreError } from '../store-error.js';
import { type Comparison, diff, type Finding } from '../watch/diff.js';
import { observe } from '../watch/observed.js';
import type { ProjectEvent } from '../watch/project-event.js';
import type { Database, Row } from './database.js';
import { decodeProject, projectColumns } from './project-row.js';

/** Remembers the state of projects and reports what changed. */
export interface RowObserver {
  /** Checks every project whose row was written since the last look. */
  lookAtAll(): Promise<ProjectEvent[]>;
  lookAt(ids: readonly string[]): Promise<ProjectEvent[]>;
}

interface Sight {
  readonly finding: NonNullable<Finding>;
  /** Hash of the idea. */
  readonly idea: string;
  /** Changes with every write of the row, whoever wrote it. */
  readonly mark: string;
}

/** Rows per query. */
const batch = 500;

export function createRowObserver(database: Database): RowObserver {
  const { tables, run } = database;
  const sights = new Map<string, Sight>();

  async function read(ids: readonly string[]): Promise<Map<string, Sight>> {
    const place = await database.place();
    const found = new Map<string, Sight>();
    for (let start = 0; start < ids.length; start += batch) {
      const rows = await run(
        `SELECT ${projectColumns}, encode(sha256(idea), 'hex') AS idea, xmin::text AS mark
         FROM ${tables.projects} WHERE deleted_at IS NULL AND id = ANY($1)`,
        ids.slice(start, start + batch),
      );
      for (const row of rows) {
        const id = String(row.id);
        found.set(id, { finding: findingOf(row, place), idea: String(row.idea), mark: String(row.mark) });
      }
    }
    return found;
  }

  async function lookAt(ids: readonly string[]): Promise<ProjectEvent[]> {
    const found = await read(ids);
    const comparisons: Comparison[] = [];
    for (const id of ids) {
      const [before, after] = [sights.get(id), found.get(id)];
      if (after === undefined) sights.delete(id);
      else sights.set(id, after);
      const idea = before !== undefined && after !== undefined && before.idea !== after.idea;
      comparisons.push({
        before: before?.finding,
        after: after?.finding,
        touched: { idea, stages: new Set() },
      });
    }
    return diff(comparisons);
  }

  return {
    lookAt,
    async lookAtAll() {
      const rows = await run(
        `SELECT id, xmin::text AS mark FROM ${tables.projects} WHERE deleted_at IS NULL`,
      );
      const marks = new Map(rows.map(({ id, mark }) => [String(id), String(mark)]));
      const gone = [...sights.keys()].filter((id) => !marks.has(id));
      const written = [...marks].filter(([id, mark]) => sights.get(id)?.mark !== mark).map(([id]) => id);
      return lookAt([...gone, ...written]);
    },
  };
}

function findingOf(row: Row, place: string): NonNullable<Finding> {
  try {
    return observe(decodeProject(row, place));
  } catch (error) {
    if (!StoreError.isInstance(error)) throw error;
    return { ...damaged(`${place}/${String(row.slug)}`, 'garbled', error.message), id: String(row.id) };
  }
}
