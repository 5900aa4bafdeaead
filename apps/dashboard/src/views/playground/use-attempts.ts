import { useEffect, useRef, useState } from 'preact/hooks';
import type { LedgerCall } from '../../api/usage.js';
import { useConnection } from '../../connection/use-connection.js';
import { type Attempt, beginAttempt, followAttempt } from './attempt.js';
import type { PlaygroundRequest } from './request.js';

export interface Attempts {
  /** Newest first, 20 at most. */
  readonly list: readonly Attempt[];
  /** Ledger records of those that have ended, by request id. */
  readonly calls: ReadonlyMap<string, LedgerCall>;
  readonly isBusy: boolean;
  send(request: PlaygroundRequest, key: string): void;
  stop(): void;
}

const maxAttempts = 20;
const redrawMs = 60;

/** The requests sent from this view. Leaving the view stops the one in flight. */
export function useAttempts(): Attempts {
  const connection = useConnection();
  const [list, setList] = useState<readonly Attempt[]>([]);
  const [calls, setCalls] = useState<ReadonlyMap<string, LedgerCall>>(new Map());
  const [isBusy, setBusy] = useState(false);
  const stopper = useRef<AbortController | null>(null);
  const count = useRef(0);

  useEffect(() => () => stopper.current?.abort(), []);
  // The cost of a stream is not yet known when its head is sent.
  useEffect(
    () =>
      connection.onCalls((ended) =>
        setCalls(
          (known) => new Map([...known, ...ended.map((call) => [call.requestId, call] as const)].slice(-500)),
        ),
      ),
    [connection],
  );

  const send = (request: PlaygroundRequest, key: string): void => {
    const stopping = new AbortController();
    stopper.current = stopping;
    count.current += 1;
    const begun = beginAttempt(count.current, request);
    setBusy(true);
    setList((before) => [begun, ...before].slice(0, maxAttempts));
    let latest = begun;
    let redraw = 0;
    const show = (): void => {
      redraw = 0;
      setList((before) => before.map((one) => (one.number === latest.number ? latest : one)));
    };
    const tell = (attempt: Attempt): void => {
      latest = attempt;
      if (redraw === 0) redraw = window.setTimeout(show, redrawMs);
    };
    void followAttempt(begun, key, stopping.signal, tell).then(() => {
      window.clearTimeout(redraw);
      show();
      setBusy(false);
    });
  };

  return { list, calls, isBusy, send, stop: () => stopper.current?.abort() };
}
