import { ApiError } from '../api/api-error.js';
import { fetchInfo, type ServerInfo } from '../api/server.js';
import type { LedgerCall } from '../api/usage.js';

/** `lost`: the server was there or should be, does not answer, and is tried again. */
export type Link = 'connecting' | 'live' | 'lost' | 'forbidden';

export interface ConnectionState {
  readonly link: Link;
  /** What went wrong last, for people; null when nothing did. */
  readonly problem: string | null;
  /** Null until the server has answered once. */
  readonly info: ServerInfo | null;
}

/** Knows whether the server is there, hears of its calls, and comes back by itself after a break. */
export interface Connection {
  readonly state: ConnectionState;
  /** Hears each new state. Returns the way to stop. */
  watch(listener: () => void): () => void;
  /** Hears of calls as they end, ten times a second at most. Returns the way to stop. */
  onCalls(listener: (calls: readonly LedgerCall[]) => void): () => void;
  /** To be told of what a view could not load. True when the frame says what is wrong, so that the view need not. */
  takes(error: unknown): boolean;
  /** Tries at once instead of when the wait is over. */
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
    attempt = new AbortController();
    const { signal } = attempt;
    if (state.link !== 'lost') become({ link: 'connecting' });
    try {
      // Views load when it is live, so that no call falls between what they load and the events.
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

  /** Resolves when the server's events flow. */
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
        // Until then the first request knows better what is wrong: an event source tells no status.
        if (state.link === 'live' && !signal.aborted) fail(error);
      });
    });
    // When the first request fails, nobody waits for this any more.
    flowing.catch(() => undefined);
    return flowing;
  }

  /** A busy server sends hundreds of calls a second: the page is drawn anew ten times, not hundreds. */
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
    close: halt,
  };
}
