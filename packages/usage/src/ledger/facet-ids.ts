import type { DatabaseSync } from 'node:sqlite';
import type { LedgerCall } from '../accounting.js';
import { ByNames } from '../by-names.js';
import { facetNamesOf, seriesNamesOf } from './rows.js';

/** The ids that a call's row and its sums refer to. */
interface FacetIds {
  readonly facet: number;
  readonly series: number;
}

/** Finds the ids of facets and series, and creates new ones. Call within a transaction. */
export interface FacetIdSource {
  /** Call first: forgets the ids if any process has deleted facets since. */
  begin(): void;
  of(call: LedgerCall): FacetIds;
  /** Call for each row that is written. */
  add(facet: number, startedAt: number): void;
  /** Call last: records when the newest call of each facet began. */
  write(): void;
  /** Call if the transaction in which ids were created was rolled back. */
  forget(): void;
}

/** Hostile callers can invent series without end, so the memory of their ids is bounded. */
const maxRemembered = 10_000;

export function createFacetIds(database: DatabaseSync): FacetIdSource {
  const insertSeries = database.prepare(
    `INSERT INTO series (provider, model, tenant, project, stage, gateway_key) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET provider = excluded.provider RETURNING id`,
  );
  const insertFacet = database.prepare(
    `INSERT INTO facets (series, surface, cache, status, error_code) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET surface = excluded.surface RETURNING id`,
  );
  const prunedFacets = database.prepare('SELECT facets FROM pruned');
  const writeNewest = database.prepare('UPDATE facets SET newest = ?2 WHERE id = ?1 AND newest < ?2');
  const newest = new Map<number, number>();
  let remembered = new ByNames<FacetIds>();
  let count = 0;
  let pruned = 0;

  function forget(): void {
    remembered = new ByNames();
    count = 0;
  }

  function idsOf(call: LedgerCall): FacetIds {
    const series = Number(insertSeries.get(...seriesNamesOf(call))?.id);
    return { series, facet: Number(insertFacet.get(series, ...facetNamesOf(call))?.id) };
  }

  return {
    begin() {
      const facets = Number(prunedFacets.get()?.facets);
      if (facets !== pruned) forget();
      pruned = facets;
    },
    of(call) {
      const names = [...seriesNamesOf(call), ...facetNamesOf(call)];
      let ids = remembered.get(names);
      if (ids === undefined) {
        ids = idsOf(call);
        if (count >= maxRemembered) forget();
        remembered.set(names, ids);
        count += 1;
      }
      return ids;
    },
    add(facet, startedAt) {
      if (startedAt > (newest.get(facet) ?? 0)) newest.set(facet, startedAt);
    },
    write() {
      for (const [facet, startedAt] of newest) writeNewest.run(facet, startedAt);
      newest.clear();
    },
    forget() {
      newest.clear();
      forget();
    },
  };
}
