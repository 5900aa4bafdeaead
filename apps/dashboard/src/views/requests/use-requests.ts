import { useEffect, useMemo, useState } from 'preact/hooks';
import { fetchCallsPage, type LedgerCall } from '../../api/usage.js';
import { useConnection } from '../../connection/use-connection.js';
import { type Page, type Pages, usePages } from '../../connection/use-pages.js';
import { filtersOf, isWanted } from './filters.js';
import { mergeCalls } from './merge-calls.js';

/** Small, so that the first page loads quickly; further ones load on scrolling to the end. */
const firstSize = 300;
const pageSize = 1000;
/** Bounds the memory of a page that is left open for days. */
const maxLive = 5000;

export interface Requests {
  readonly pages: Pages<Page<LedgerCall>>;
  /** Newest first: calls that arrived while the page was open, merged with those of the ledger. */
  readonly rows: readonly LedgerCall[];
  /** Calls that arrived since the list was paused. */
  readonly held: number;
}

/** The calls of the ledger and those that end while the view is open, filtered. */
export function useRequests(query: URLSearchParams, isPaused: boolean): Requests {
  const connection = useConnection();
  const address = query.toString();
  const filters = useMemo(() => filtersOf(query), [address]);
  const pages = usePages(
    async (cursor: string | null, signal): Promise<Page<LedgerCall>> => {
      const limit = cursor === null ? firstSize : pageSize;
      const { calls, next } = await fetchCallsPage(
        { ...filters, limit, cursor: cursor ?? undefined },
        signal,
      );
      return { rows: calls, next };
    },
    [address],
  );
  const [arrived, setArrived] = useState(nothing);
  const [pausedAt, setPausedAt] = useState<Arrived | null>(null);

  useEffect(() => {
    setArrived(nothing);
    setPausedAt((before) => before && nothing);
  }, [pages.first]);
  useEffect(
    () =>
      connection.onCalls((calls) => {
        const wanted = calls.filter((call) => isWanted(call, filters)).toReversed();
        if (wanted.length > 0) setArrived((before) => withCalls(before, wanted));
      }),
    [connection, filters],
  );
  useEffect(() => setPausedAt(isPaused ? arrived : null), [isPaused]);

  const shown = (pausedAt ?? arrived).calls;
  const rows = useMemo(() => mergeCalls(shown, pages.rows), [shown, pages.rows]);
  return { pages, rows, held: pausedAt === null ? 0 : arrived.total - pausedAt.total };
}

/** Calls that arrived while the page was open. */
interface Arrived {
  /** The latest, newest first; at most `maxLive`. */
  readonly calls: readonly LedgerCall[];
  /** Counts those that were dropped, too. */
  readonly total: number;
}

const nothing: Arrived = { calls: [], total: 0 };

function withCalls({ calls, total }: Arrived, more: readonly LedgerCall[]): Arrived {
  return { calls: [...more, ...calls].slice(0, maxLive), total: total + more.length };
}
