import type { DatabaseSync } from 'node:sqlite';

/**
 * From version 4 to 5: requests are found slice by slice of the rows in the order of their writing, instead of by two minutes of time. So
 * an index of random ids is written within a few pages at a time, however many calls there are in two minutes. A process of an older
 * version that has the file open would record no slices; renaming the column keeps it from writing.
 */
export function slicesStep(database: DatabaseSync): void {
  database.exec(`
    ALTER TABLE calls RENAME COLUMN key TO cache_key;
    DROP INDEX calls_by_request;
    CREATE INDEX calls_by_request ON calls (seq / 8192, substr(request_id, 1, 8));
    CREATE TABLE slices (slice INTEGER PRIMARY KEY, oldest INTEGER NOT NULL, newest INTEGER NOT NULL) STRICT;
    INSERT INTO slices SELECT seq / 8192, MIN(started_at), MAX(started_at) FROM calls GROUP BY seq / 8192`);
}
