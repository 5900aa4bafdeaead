import { type Context, createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Connection, ConnectionState } from './connection.js';

export const ConnectionContext: Context<Connection | null> = createContext<Connection | null>(null);

export function useConnection(): Connection {
  const connection = useContext(ConnectionContext);
  if (connection === null) throw new Error('A view stands within the frame, which has the connection.');
  return connection;
}

/** The current state of the connection; re-renders when it changes. */
export function useConnectionState(connection: Connection): ConnectionState {
  const [state, setState] = useState(connection.state);
  useEffect(() => {
    const follow = (): void => setState(connection.state);
    follow();
    return connection.watch(follow);
  }, [connection]);
  return state;
}
