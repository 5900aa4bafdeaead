import type { DatabaseSync } from 'node:sqlite';

/** How many rows in the order of their writing are a slice, as the index `calls_by_request` has it. */
export const sliceRows = 8192;

/** How many characters of an id that index sorts by. */
export const beginningLength = 8;

/** Notes between which times the calls of each slice began. Those that a slice has lost still count. */
export interface SliceNotes {
  /** A row was written. */
  add(seq: number, startedAt: number): void;
  /** Within the transaction of the rows. */
  write(): void;
  /** That transaction was undone. */
  forget(): void;
}

interface Note {
  oldest: number;
  newest: number;
}

export function createSliceNotes(database: DatabaseSync): SliceNotes {
  const write = database.prepare(
    `INSERT INTO slices (slice, oldest, newest) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET oldest = MIN(oldest, excluded.oldest), newest = MAX(newest, excluded.newest)`,
  );
  const notes = new Map<number, Note>();
  return {
    add(seq, startedAt) {
      const slice = Math.floor(seq / sliceRows);
      const note = notes.get(slice);
      if (note === undefined) notes.set(slice, { oldest: startedAt, newest: startedAt });
      else if (startedAt > note.newest) note.newest = startedAt;
      else if (startedAt < note.oldest) note.oldest = startedAt;
    },
    write() {
      for (const [slice, { oldest, newest }] of notes) write.run(slice, oldest, newest);
      notes.clear();
    },
    forget: () => notes.clear(),
  };
}
