import type { JSX } from 'preact';
import { useEffect, useReducer, useRef, useState } from 'preact/hooks';
import { createLive, type Live } from './live.js';
import { Header } from './parts/header.js';
import { ForbiddenNotice, LostBanner, UnreachableNotice } from './parts/notices.js';
import { Overview } from './parts/overview.js';
import type { Range } from './state/range.js';
import { initialState, reduce, type State } from './state/state.js';

export function App(): JSX.Element {
  const [state, dispatch] = useReducer(reduce, initialState);
  const live = useRef<Live | null>(null);
  const now = useNow();

  useEffect(() => {
    const started = createLive(dispatch, initialState.range);
    live.current = started;
    return () => started.stop();
  }, []);

  const retry = (): void => live.current?.retry();
  const show = (range: Range): void => live.current?.show(range);

  return (
    <>
      <a class="skip" href="#main">
        Skip to the figures
      </a>
      <Header link={state.link} />
      <LostBanner
        visible={state.link === 'lost' && state.info !== null}
        problem={state.problem}
        onRetry={retry}
      />
      <main id="main" tabIndex={-1}>
        <Content state={state} now={now} onRange={show} onRetry={retry} />
      </main>
      <Footer state={state} />
    </>
  );
}

interface ContentProps {
  readonly state: State;
  readonly now: number;
  readonly onRange: (range: Range) => void;
  readonly onRetry: () => void;
}

function Content({ state, now, onRange, onRetry }: ContentProps): JSX.Element {
  if (state.link === 'forbidden') return <ForbiddenNotice onRetry={onRetry} />;
  if (state.link === 'lost' && state.info === null)
    return <UnreachableNotice problem={state.problem} onRetry={onRetry} />;
  return <Overview state={state} now={now} onRange={onRange} />;
}

function Footer({ state }: { readonly state: State }): JSX.Element | null {
  if (state.info === null) return null;
  const { version, startedAt, home } = state.info;
  return (
    <footer>
      <span>AI Toolkit {version}</span>
      <span>Running since {new Date(startedAt).toLocaleString()}</span>
      <span class="path" title="Where this server keeps its state">
        {home}
      </span>
    </footer>
  );
}

/** The time, refreshed once a minute: enough for what the page says of it. */
function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 60_000);
    return () => window.clearInterval(timer);
  }, []);
  return now;
}
