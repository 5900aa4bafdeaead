import type { Connection } from '../../connection/connection.js';

/** In memory only: never stored, and gone with the page. */
let held = '';
const watched = new WeakSet<Connection>();

/** The gateway key entered by the user. Cleared when the session ends. */
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
