import type { DatabaseSync } from 'node:sqlite';

/** How many rows, in the order of their writing, make up a slice, as in the index `calls_by_request`. */
export const sliceRows = 8192;

/** How many characters of an id that index holds. */
export const beginningLength = 8;

/** Records when the oldest and newest calls of each slice began. Calls that a slice has lost still count. */
export interface SliceNotes {
  /** Call for each row that is written. */
  add(seq: number, startedAt: number): void;
  /** Call within the transaction of the rows. */
  write(): void;
  /** Call if that transaction was rolled back. */
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
