import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Outcome } from '../stats.js';

/** The sending side of one exchange: knows when the reader left, and waits without leaking timers. */
export interface Outlet {
  /** Whether the connection has ended; from then on writing does nothing. */
  readonly gone: boolean;
  head(status: number, headers: OutgoingHttpHeaders): void;
  /** Resolves to false if the reader has left, else to true once more may be written. */
  write(data: string | Uint8Array): Promise<boolean> | boolean;
  /** Waits; resolves to false if the reader has left meanwhile. */
  sleep(durationMs: number): Promise<boolean>;
  /** Counts the exchange and ends the response. */
  end(outcome: Outcome, data?: string): void;
  /** Counts the exchange and drops the connection once what was written has left. */
  cut(outcome: Outcome): void;
  /** Counts the exchange and resets the connection at once. */
  reset(outcome: Outcome): void;
}

/** Node fires longer timers at once. */
const MAX_TIMER_MS = 2_147_483_647;

/** `settle` is called exactly once per exchange, before its last byte, or when the reader leaves. */
export function createOutlet(response: ServerResponse, settle: (outcome: Outcome) => void): Outlet {
  let gone = false;
  let settled = false;
  let wake: (() => void) | undefined;
  const settleOnce = (outcome: Outcome): void => {
    if (settled) return;
    settled = true;
    settle(outcome);
  };
  const waitFor = (arm: (done: () => void) => () => void): Promise<boolean> =>
    new Promise((resolve) => {
      const disarm = arm(() => wake?.());
      wake = () => {
        wake = undefined;
        disarm();
        resolve(!gone);
      };
    });
  response.on('close', () => {
    gone = true;
    settleOnce('aborted');
    wake?.();
  });
  // A reset by the reader surfaces here as well as in 'close'.
  response.on('error', () => undefined);

  return {
    get gone() {
      return gone;
    },
    head(status, headers) {
      if (!gone) response.writeHead(status, headers);
    },
    write(data) {
      if (gone) return false;
      if (response.write(data)) return true;
      return waitFor((done) => {
        response.once('drain', done);
        return () => response.off('drain', done);
      });
    },
    sleep(durationMs) {
      if (gone) return Promise.resolve(false);
      return waitFor((done) => {
        const timer = setTimeout(done, Math.min(durationMs, MAX_TIMER_MS));
        timer.unref();
        return () => clearTimeout(timer);
      });
    },
    end(outcome, data) {
      settleOnce(outcome);
      if (!gone) response.end(data);
    },
    cut(outcome) {
      settleOnce(outcome);
      if (gone) return;
      // An empty write's callback runs when everything before it has been handed over.
      response.socket?.write('', () => response.destroy());
    },
    reset(outcome) {
      settleOnce(outcome);
      response.socket?.resetAndDestroy();
    },
  };
}
