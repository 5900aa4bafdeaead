import type { JSX } from 'preact';
import { useConnection, useConnectionState } from '../../connection/use-connection.js';
import { ViewHeading } from '../../parts/view-heading.js';
import { Appearance } from './appearance.js';
import { Configuration } from './configuration.js';
import { Health } from './health.js';
import { Login } from './login.js';
import { Server } from './server.js';
import './settings.css';

/** The server, its configuration and health, and the appearance of the page. */
export function View(): JSX.Element {
  const { info } = useConnectionState(useConnection());
  return (
    <div class="settings">
      <ViewHeading title="Settings" />
      <div class="tiles">
        <Server info={info} />
        <div class="side">
          <Appearance />
          <Login />
        </div>
      </div>
      <Health />
      <Configuration />
    </div>
  );
}
