import type { JSX } from 'preact';
import { useEffect, useReducer } from 'preact/hooks';
import { useConnection, useConnectionState } from '../../connection/use-connection.js';
import { useLoaded } from '../../connection/use-loaded.js';
import { useNow } from '../../format/use-now.js';
import { Failure } from '../../parts/states.js';
import { loadSnapshot } from './load-snapshot.js';
import { Overview } from './overview.js';
import { initialState, reduce } from './state/state.js';
import 'uplot/dist/uPlot.min.css';
import './overview.css';
import './calls.css';

/** Polled for what comes with no event: percentiles, the cache's size, calls of other processes, and events dropped for a slow page. */
const refreshMs = 10_000;

/** Shows a snapshot, updated by the server's events. */
export function View(): JSX.Element {
  const connection = useConnection();
  const { info } = useConnectionState(connection);
  const [state, dispatch] = useReducer(reduce, initialState);
  const now = useNow();
  const { range } = state;
  const { value, problem, reload } = useLoaded((signal) => loadSnapshot(range, signal), [range], {
    refreshMs,
  });

  useEffect(() => connection.onCalls((calls) => dispatch({ type: 'calls', calls })), [connection]);
  useEffect(() => {
    if (value !== null) dispatch({ type: 'snapshot', snapshot: value });
  }, [value]);

  return (
    <>
      {problem !== null && <Failure problem={problem.message} action="Try again" onAction={reload} />}
      <Overview
        state={state}
        info={info}
        now={now}
        onRange={(next) => dispatch({ type: 'range', range: next })}
      />
    </>
  );
}
