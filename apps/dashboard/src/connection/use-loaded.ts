import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api/api-error.js';
import { useConnection, useConnectionState } from './use-connection.js';

export interface Loaded<T> {
  /** The last value loaded; null before the first. Kept while a newer one is loading, or fails to load. */
  readonly value: T | null;
  /** Why the last attempt failed; null if it did not, or if the frame reports it. */
  readonly problem: ApiError | null;
  readonly isLoading: boolean;
  reload(): void;
}

export interface LoadOptions {
  /** Loads again after this time, as long as the page is visible. Default: never. */
  readonly refreshMs?: number;
}

/**
 * Loads a value from the server when the view opens, when one of `inputs` changes, and when the connection is restored. The
 * signal is aborted once the value is no longer needed.
 */
export function useLoaded<T>(
  load: (signal: AbortSignal) => Promise<T>,
  inputs: readonly (string | number | boolean | null)[],
  { refreshMs }: LoadOptions = {},
): Loaded<T> {
  const connection = useConnection();
  const { link } = useConnectionState(connection);
  const [round, setRound] = useState(0);
  const [value, setValue] = useState<T | null>(null);
  const [problem, setProblem] = useState<ApiError | null>(null);
  const [isLoading, setLoading] = useState(true);
  const latest = useRef(load);
  latest.current = load;
  const isBusy = useRef(false);
  const reload = (): void => setRound((count) => count + 1);

  useEffect(() => {
    if (link !== 'live') return undefined;
    const leaving = new AbortController();
    const { signal } = leaving;
    setLoading(true);
    isBusy.current = true;
    latest.current(signal).then(
      (loaded) => {
        if (signal.aborted) return;
        setValue(() => loaded);
        setProblem(null);
        setLoading(false);
        isBusy.current = false;
      },
      (error: unknown) => {
        if (signal.aborted) return;
        setLoading(false);
        isBusy.current = false;
        if (!connection.takes(error)) setProblem(asApiError(error));
      },
    );
    return () => leaving.abort();
  }, [link, round, ...inputs]);

  useEffect(() => {
    if (refreshMs === undefined) return undefined;
    const refresh = (): void => {
      // Wait for a slow response: a new request each time would never finish.
      if (document.visibilityState !== 'hidden' && !isBusy.current) reload();
    };
    const timer = window.setInterval(refresh, refreshMs);
    document.addEventListener('visibilitychange', refresh);
    return () => {
      window.clearInterval(timer);
      document.removeEventListener('visibilitychange', refresh);
    };
  }, [refreshMs]);

  return { value, problem, isLoading, reload };
}

/** Wraps an error for display. One that is not an `ApiError` is a bug of the page itself. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError('failed', error instanceof Error ? error.message : String(error));
}
