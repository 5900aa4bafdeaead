import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ApiError } from '../api/api-error.js';
import { useConnection } from './use-connection.js';
import { asApiError, useLoaded } from './use-loaded.js';

/** A part of a long list. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Where the next page begins; null on the last. */
  readonly next: string | null;
}

export interface Pages<P extends Page<unknown>> {
  /** Of all pages so far. */
  readonly rows: readonly P['rows'][number][];
  /** With what it says of the whole list; null before it came. */
  readonly first: P | null;
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  /** Why the last attempt failed; null when it did not, or when the frame says it. */
  readonly problem: ApiError | null;
  loadMore(): void;
  /** From the first page on. */
  reload(): void;
}

/** Loads a list page by page: the first as `useLoaded` does, the others when they are asked for. */
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

  // Pages behind another first page have nothing to do with it.
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
