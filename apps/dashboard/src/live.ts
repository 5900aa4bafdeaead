import type { LedgerCall } from './api.js';
import { ApiError, fetchCalls, fetchFigures, fetchInfo } from './client.js';
import type { Range } from './state/range.js';
import type { Action } from './state/state.js';

/** Keeps the page in step with the server: a snapshot first, then its events, and both again after a break. */
export interface Live {
  /** Shows another span of time. */
  show(range: Range): void;
  /** Tries at once instead of when the wait is over. */
  retry(): void;
  stop(): void;
}

const recentCalls = 100;
const firstRetryMs = 1000;
const longestRetryMs = 15_000;
/** Percentiles, the cache's size, the calls of other processes and those a slow page missed come with no event. */
const refreshMs = 10_000;
const redrawMs = 100;

export function createLive(dispatch: (action: Action) => void, startRange: Range): Live {
  let range = startRange;
  let events: EventSource | undefined;
  let retryTimer = 0;
  let retryMs = firstRetryMs;
  let attempt = new AbortController();
  let established = false;
  let collected: LedgerCall[] = [];

  async function connect(): Promise<void> {
    stop();
    attempt = new AbortController();
    const { signal } = attempt;
    dispatch({ type: 'connecting' });
    try {
      // Opened before the snapshot is taken, so that no call falls between the two.
      const listening = listen(signal);
      const [info, calls] = await Promise.all([fetchInfo(signal), fetchCalls(recentCalls, signal)]);
      await loadFigures(signal);
      if (signal.aborted) return;
      dispatch({ type: 'connected', info, calls });
      await listening;
      if (signal.aborted) return;
      established = true;
      retryMs = firstRetryMs;
      dispatch({ type: 'live' });
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
        // While the snapshot is on its way, it knows better what is wrong: an event source tells no status.
        if (established && !signal.aborted) fail(error);
      });
    });
    // When the snapshot fails first, nobody waits for this any more.
    flowing.catch(() => undefined);
    return flowing;
  }

  /** A busy server sends hundreds of calls a second: the page is drawn anew ten times, not hundreds. */
  function collect(call: LedgerCall): void {
    if (collected.push(call) > 1) return;
    window.setTimeout(() => {
      dispatch({ type: 'calls', calls: collected });
      collected = [];
    }, redrawMs);
  }

  async function loadFigures(signal: AbortSignal): Promise<void> {
    const wanted = range;
    const figures = await fetchFigures(wanted, signal);
    if (!signal.aborted) dispatch({ type: 'figures', range: wanted, figures });
  }

  async function loadCalls(signal: AbortSignal): Promise<void> {
    const calls = await fetchCalls(recentCalls, signal);
    if (!signal.aborted) dispatch({ type: 'listed', calls });
  }

  function fail(error: unknown): void {
    stop();
    if (error instanceof ApiError && error.trouble === 'forbidden') {
      dispatch({ type: 'forbidden' });
      return;
    }
    dispatch({ type: 'lost', problem: error instanceof Error ? error.message : String(error) });
    retryTimer = window.setTimeout(() => void connect(), retryMs);
    retryMs = Math.min(retryMs * 2, longestRetryMs);
  }

  function stop(): void {
    established = false;
    attempt.abort();
    events?.close();
    events = undefined;
    window.clearTimeout(retryTimer);
  }

  function refresh(): void {
    if (!established || document.visibilityState === 'hidden') return;
    const { signal } = attempt;
    Promise.all([loadFigures(signal), loadCalls(signal)]).catch((error: unknown) => {
      if (!signal.aborted) fail(error);
    });
  }

  const refreshTimer = window.setInterval(refresh, refreshMs);
  document.addEventListener('visibilitychange', refresh);
  void connect();

  return {
    show(next) {
      range = next;
      dispatch({ type: 'range', range: next });
      // What is being loaded is of the span before: that attempt begins anew.
      if (established) refresh();
      else void connect();
    },
    retry() {
      retryMs = firstRetryMs;
      void connect();
    },
    stop() {
      stop();
      window.clearInterval(refreshTimer);
      document.removeEventListener('visibilitychange', refresh);
    },
  };
}
