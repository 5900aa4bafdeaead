import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from './transaction.js';

/** Deletes up to `limit` facets that no call has any more, with the series that only they had, and returns how many. */
export function createFacetPrune(database: DatabaseSync): (limit: number) => number {
  // The newest call of a facet did not begin later than recorded, so it is gone if all that are left began later.
  const unused = database.prepare(
    `DELETE FROM facets WHERE id IN (
       SELECT id FROM facets WHERE newest < COALESCE((SELECT MIN(started_at) FROM calls), ${Number.MAX_SAFE_INTEGER})
       ORDER BY newest LIMIT ?) RETURNING series`,
  );
  const ofNone = database.prepare(
    'DELETE FROM series WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM facets WHERE series = ?1)',
  );
  const count = database.prepare('UPDATE pruned SET facets = facets + ?');
  return (limit) =>
    inTransaction(database, () => {
      const deleted = unused.all(limit);
      for (const { series } of deleted) ofNone.run(Number(series));
      if (deleted.length > 0) count.run(deleted.length);
      return deleted.length;
    });
}
