import { ApiError } from '../api/api-error.js';
import { fetchInfo, type ServerInfo } from '../api/server.js';
import type { LedgerCall } from '../api/usage.js';

/** `lost`: the server does not answer; the connection retries by itself. */
export type Link = 'connecting' | 'live' | 'lost' | 'forbidden';

export interface ConnectionState {
  readonly link: Link;
  /** The last problem, for people; null if there is none. */
  readonly problem: string | null;
  /** Null before the first response. */
  readonly info: ServerInfo | null;
}

/**
 * Tracks whether the server is reachable, receives its call events, and reconnects by itself. While the page is hidden it is not connected:
 * a browser has six connections to a server for all tabs together, and each stream of events would take one.
 */
export interface Connection {
  readonly state: ConnectionState;
  /** Calls `listener` on each change of state. Returns a function that unsubscribes. */
  watch(listener: () => void): () => void;
  /** Reports calls as they end, in batches, at most ten a second. Returns a function that unsubscribes. */
  onCalls(listener: (calls: readonly LedgerCall[]) => void): () => void;
  /** Views pass on errors of loading. True if the frame reports the problem, so that the view need not. */
  takes(error: unknown): boolean;
  /** Retries at once instead of after the delay. */
  retry(): void;
  close(): void;
}

const firstRetryMs = 1000;
const longestRetryMs = 15_000;
const redrawMs = 100;

export function createConnection(): Connection {
  let state: ConnectionState = { link: 'connecting', problem: null, info: null };
  const watchers = new Set<() => void>();
  const callListeners = new Set<(calls: readonly LedgerCall[]) => void>();
  let events: EventSource | undefined;
  let retryTimer = 0;
  let retryMs = firstRetryMs;
  let attempt = new AbortController();
  let collected: LedgerCall[] = [];

  function become(next: Partial<ConnectionState>): void {
    state = { ...state, ...next };
    for (const watcher of watchers) watcher();
  }

  async function connect(): Promise<void> {
    halt();
    if (document.visibilityState === 'hidden') return;
    attempt = new AbortController();
    const { signal } = attempt;
    if (state.link !== 'lost') become({ link: 'connecting' });
    try {
      // Subscribe before the state is `live`, when views load, so that no call falls between their data and the events.
      const listening = listen(signal);
      const info = await fetchInfo(signal);
      await listening;
      if (signal.aborted) return;
      retryMs = firstRetryMs;
      become({ link: 'live', problem: null, info });
    } catch (error) {
      if (!signal.aborted) fail(error);
    }
  }

  /** Resolves when the event stream is open. */
  function listen(signal: AbortSignal): Promise<void> {
    const source = new EventSource('api/usage/events');
    events = source;
    source.addEventListener('call', (event) => {
      if (!signal.aborted) collect(JSON.parse(event.data) as LedgerCall);
    });
    const flowing = new Promise<void>((resolve, reject) => {
      source.addEventListener('open', () => resolve());
      source.addEventListener('error', () => {
        const error = new ApiError('unreachable', 'The connection to the server was lost.');
        reject(error);
        // Before that, the first request reports the problem better: an `EventSource` exposes no status.
        if (state.link === 'live' && !signal.aborted) fail(error);
      });
    });
    // If the first request fails, nothing awaits this promise.
    flowing.catch(() => undefined);
    return flowing;
  }

  /** Batches calls, so that a busy server with hundreds a second causes ten renders a second, not hundreds. */
  function collect(call: LedgerCall): void {
    if (collected.push(call) > 1) return;
    window.setTimeout(() => {
      const calls = collected;
      collected = [];
      for (const listener of callListeners) listener(calls);
    }, redrawMs);
  }

  function fail(error: unknown): void {
    halt();
    if (error instanceof ApiError && error.trouble === 'forbidden') {
      become({ link: 'forbidden', problem: error.message, info: null });
      return;
    }
    become({ link: 'lost', problem: error instanceof Error ? error.message : String(error) });
    retryTimer = window.setTimeout(() => void connect(), retryMs);
    retryMs = Math.min(retryMs * 2, longestRetryMs);
  }

  function halt(): void {
    attempt.abort();
    events?.close();
    events = undefined;
    window.clearTimeout(retryTimer);
  }

  function followVisibility(): void {
    if (document.visibilityState === 'hidden') halt();
    else if (events === undefined && state.link !== 'forbidden') void connect();
  }

  document.addEventListener('visibilitychange', followVisibility);
  void connect();

  return {
    get state() {
      return state;
    },
    watch(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    onCalls(listener) {
      callListeners.add(listener);
      return () => callListeners.delete(listener);
    },
    takes(error) {
      if (!(error instanceof ApiError) || error.trouble === 'failed') return false;
      if (state.link === 'live') fail(error);
      return true;
    },
    retry() {
      retryMs = firstRetryMs;
      void connect();
    },
    close() {
      document.removeEventListener('visibilitychange', followVisibility);
      halt();
    },
  };
}
