import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api/api-error.js';
import { useConnection, useConnectionState } from './use-connection.js';

export interface Loaded<T> {
  /** What came last; null before anything did. It stays while something newer is on its way, or cannot be had. */
  readonly value: T | null;
  /** Why the last attempt failed; null when it did not, or when the frame says it. */
  readonly problem: ApiError | null;
  readonly isLoading: boolean;
  reload(): void;
}

export interface LoadOptions {
  /** Loads again after this time, as long as the page is visible. Default: never. */
  readonly refreshMs?: number;
}

/**
 * Loads something from the server: when the view opens, when one of `inputs` changes, and when the connection comes back. The
 * signal is aborted when nobody waits any more.
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
      // A slow answer is waited for: to ask anew would be to wait for ever.
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

/** For what a view says of an error: one that is no `ApiError` is a mistake of the page itself. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError('failed', error instanceof Error ? error.message : String(error));
}
