import type { DatabaseSync } from 'node:sqlite';

/**
 * From version 5 to 6: each facet records when its newest call began, so that filters need not ask for it facet by facet and facets without
 * calls can be deleted. `pruned` counts those, so that all processes learn that ids they remember may be gone. A process of an older version
 * would write rows with such ids; renaming the column keeps it from writing.
 */
export function facetsStep(database: DatabaseSync): void {
  database.exec(`
    ALTER TABLE calls RENAME COLUMN labels TO other_labels;
    ALTER TABLE facets ADD COLUMN newest INTEGER NOT NULL DEFAULT 0;
    UPDATE facets SET newest = COALESCE((SELECT MAX(started_at) FROM calls WHERE facet = facets.id), 0);
    CREATE INDEX facets_by_newest ON facets (newest);
    CREATE TABLE pruned (facets INTEGER NOT NULL) STRICT;
    INSERT INTO pruned VALUES (0);
    DELETE FROM series WHERE id NOT IN (SELECT series FROM facets)`);
}
