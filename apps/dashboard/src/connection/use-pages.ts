import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ApiError } from '../api/api-error.js';
import { useConnection } from './use-connection.js';
import { asApiError, useLoaded } from './use-loaded.js';

/** A part of a long list. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Cursor of the next page; null on the last. */
  readonly next: string | null;
}

export interface Pages<P extends Page<unknown>> {
  /** The rows of all pages so far. */
  readonly rows: readonly P['rows'][number][];
  /** The first page, with its facts about the whole list; null until loaded. */
  readonly first: P | null;
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  /** Why the last attempt failed; null if it did not, or if the frame reports it. */
  readonly problem: ApiError | null;
  loadMore(): void;
  /** Starts again from the first page. */
  reload(): void;
}

/** Loads a list page by page: the first like `useLoaded`, further ones on `loadMore`. */
export function usePages<P extends Page<unknown>>(
  load: (after: string | null, signal: AbortSignal) => Promise<P>,
  inputs: readonly (string | number | boolean | null)[],
): Pages<P> {
  const connection = useConnection();
  const first = useLoaded((signal) => load(null, signal), inputs);
  const [more, setMore] = useState<readonly P[]>([]);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiError | null>(null);
  const leaving = useRef<AbortController | null>(null);

  // Further pages belong to the first page they followed.
  useEffect(() => {
    setMore([]);
    setBusy(false);
    setProblem(null);
    return () => {
      leaving.current?.abort();
      leaving.current = null;
    };
  }, [first.value]);

  const next = (more.at(-1) ?? first.value)?.next ?? null;
  const loadMore = (): void => {
    if (next === null || leaving.current !== null || first.isLoading) return;
    const own = new AbortController();
    leaving.current = own;
    setBusy(true);
    setProblem(null);
    load(next, own.signal)
      .then(
        (page) => {
          if (!own.signal.aborted) setMore((pages) => [...pages, page]);
        },
        (error: unknown) => {
          if (!own.signal.aborted && !connection.takes(error)) setProblem(asApiError(error));
        },
      )
      .finally(() => {
        if (leaving.current !== own) return;
        leaving.current = null;
        setBusy(false);
      });
  };

  const rows = useMemo(() => [first.value, ...more].flatMap((page) => page?.rows ?? []), [first.value, more]);
  return {
    rows,
    first: first.value,
    hasMore: next !== null,
    isLoading: first.isLoading || isBusy,
    problem: first.problem ?? problem,
    loadMore,
    reload: first.reload,
  };
}
