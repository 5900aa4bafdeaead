import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { createConnection } from './connection/connection.js';
import { ConnectionContext, useConnectionState } from './connection/use-connection.js';
import { Footer } from './frame/footer.js';
import { keepFocus } from './frame/keep-focus.js';
import { Login } from './frame/login.js';
import { LostBanner } from './frame/lost-banner.js';
import { Outlet } from './frame/outlet.js';
import { SideBar } from './frame/side-bar.js';
import { UnreachableNotice } from './frame/unreachable-notice.js';
import { Toasts } from './parts/toast.js';
import { useRoute } from './routing/use-route.js';

/** The frame around every view: navigation, and the state of the connection, with a notice while there is none. */
export function App(): JSX.Element {
  const [connection] = useState(createConnection);
  useEffect(() => () => connection.close(), [connection]);
  useEffect(() => keepFocus(document.body), []);
  const { link, problem, info } = useConnectionState(connection);
  const route = useRoute();
  const retry = (): void => connection.retry();
  const wasLive = useRef(false);
  if (link === 'live') wasLive.current = true;
  const [isLoggedIn, setLoggedIn] = useState(false);
  const enter = (): void => {
    setLoggedIn(true);
    retry();
  };

  return (
    <ConnectionContext.Provider value={connection}>
      <button type="button" class="skip" onClick={skipToMain}>
        Skip to the content
      </button>
      <SideBar current={link === 'forbidden' ? null : route.view} link={link} />
      <div class="page">
        <LostBanner visible={link === 'lost' && info !== null} problem={problem} onRetry={retry} />
        <main id="main" tabIndex={-1}>
          <Toasts>
            {link === 'forbidden' && <Login hasEnded={wasLive.current} onLogin={enter} />}
            {link === 'lost' && info === null && <UnreachableNotice problem={problem} onRetry={retry} />}
            {link !== 'forbidden' && !(link === 'lost' && info === null) && (
              <Outlet route={route} takesFocus={isLoggedIn} />
            )}
          </Toasts>
        </main>
        <Footer info={info} />
      </div>
    </ConnectionContext.Provider>
  );
}

/** A function rather than a link, since the URL fragment is the address of the view. */
function skipToMain(): void {
  document.getElementById('main')?.focus();
}
