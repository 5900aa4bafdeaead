import type { DatabaseSync } from 'node:sqlite';
import type { LedgerCall } from '../accounting.js';
import { ByNames } from '../by-names.js';
import { facetNamesOf, seriesNamesOf } from './rows.js';

/** The ids that a call's row and its sums refer to. */
interface FacetIds {
  readonly facet: number;
  readonly series: number;
}

/** Finds the ids of facets and series, and creates new ones. */
export interface FacetIdSource {
  /** Call within a transaction. */
  of(call: LedgerCall): FacetIds;
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
  let remembered = new ByNames<FacetIds>();
  let count = 0;

  function forget(): void {
    remembered = new ByNames();
    count = 0;
  }

  function idsOf(call: LedgerCall): FacetIds {
    const series = Number(insertSeries.get(...seriesNamesOf(call))?.id);
    return { series, facet: Number(insertFacet.get(series, ...facetNamesOf(call))?.id) };
  }

  return {
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
    forget,
  };
}
