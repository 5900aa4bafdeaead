import type { DatabaseSync } from 'node:sqlite';
import type { LedgerCall } from '../accounting.js';
import { facetNamesOf, seriesNamesOf } from './rows.js';

/** What a call's row and its sums go by. */
interface FacetIds {
  readonly facet: number;
  readonly series: number;
}

/** Finds the ids of facets and series, and gives new ones. */
export interface FacetIdSource {
  /** Within a transaction. */
  of(call: LedgerCall): FacetIds;
  /** The transaction in which ids were given was undone. */
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
  const remembered = new Map<string, FacetIds>();

  return {
    of(call) {
      const series = seriesNamesOf(call);
      const facet = facetNamesOf(call);
      const name = `${series.join('\n')}\n${facet.join('\n')}`;
      let ids = remembered.get(name);
      if (ids === undefined) {
        const seriesId = Number(insertSeries.get(...series)?.id);
        ids = { series: seriesId, facet: Number(insertFacet.get(seriesId, ...facet)?.id) };
        if (remembered.size >= maxRemembered) remembered.clear();
        remembered.set(name, ids);
      }
      return ids;
    },
    forget: () => remembered.clear(),
  };
}
