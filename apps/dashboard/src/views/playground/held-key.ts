import type { Connection } from '../../connection/connection.js';

/** In memory alone: nothing of it is stored, and it goes with the page. */
let held = '';
const watched = new WeakSet<Connection>();

/** The key of the gateway that was typed in. It is forgotten when the session ends. */
export function heldKey(connection: Connection): string {
  if (!watched.has(connection)) {
    watched.add(connection);
    connection.watch(() => {
      if (connection.state.link === 'forbidden') held = '';
    });
  }
  return held;
}

export function holdKey(key: string): void {
  held = key.trim();
}
