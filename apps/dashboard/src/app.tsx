import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { createConnection } from './connection/connection.js';
import { ConnectionContext, useConnectionState } from './connection/use-connection.js';
import { Footer } from './frame/footer.js';
import { LostBanner } from './frame/lost-banner.js';
import { ForbiddenNotice, UnreachableNotice } from './frame/notices.js';
import { Outlet } from './frame/outlet.js';
import { SideBar } from './frame/side-bar.js';
import { Toasts } from './parts/toast.js';
import { useRoute } from './routing/use-route.js';

/** The frame around every view: navigation, the state of the connection, and what is said when there is none. */
export function App(): JSX.Element {
  const [connection] = useState(createConnection);
  useEffect(() => () => connection.close(), [connection]);
  const { link, problem, info } = useConnectionState(connection);
  const route = useRoute();
  const retry = (): void => connection.retry();

  return (
    <ConnectionContext.Provider value={connection}>
      <button type="button" class="skip" onClick={skipToMain}>
        Skip to the content
      </button>
      <SideBar current={route.view} link={link} />
      <div class="page">
        <LostBanner visible={link === 'lost' && info !== null} problem={problem} onRetry={retry} />
        <main id="main" tabIndex={-1}>
          <Toasts>
            {link === 'forbidden' && <ForbiddenNotice onRetry={retry} />}
            {link === 'lost' && info === null && <UnreachableNotice problem={problem} onRetry={retry} />}
            {link !== 'forbidden' && !(link === 'lost' && info === null) && <Outlet route={route} />}
          </Toasts>
        </main>
        <Footer info={info} />
      </div>
    </ConnectionContext.Provider>
  );
}

/** No link: the fragment is the address of the view. */
function skipToMain(): void {
  document.getElementById('main')?.focus();
}
