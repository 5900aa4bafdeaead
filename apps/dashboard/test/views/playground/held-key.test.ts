import { expect, it } from 'vitest';
import type { Connection, ConnectionState } from '../../../src/connection/connection.js';
import { heldKey, holdKey } from '../../../src/views/playground/held-key.js';

it('a key is held for as long as the session lasts', () => {
  let state: ConnectionState = { link: 'live', problem: null, info: null };
  const watchers: (() => void)[] = [];
  const connection: Connection = {
    get state() {
      return state;
    },
    watch: (watcher) => {
      watchers.push(watcher);
      return () => undefined;
    },
    onCalls: () => () => undefined,
    takes: () => false,
    retry: () => undefined,
    close: () => undefined,
  };
  const become = (link: ConnectionState['link']): void => {
    state = { ...state, link };
    for (const watcher of watchers) watcher();
  };
  expect(heldKey(connection)).toBe('');
  holdKey(' ait-abc\n');
  expect(heldKey(connection)).toBe('ait-abc');
  become('lost');
  become('live');
  expect(heldKey(connection)).toBe('ait-abc');
  become('forbidden');
  become('live');
  expect(heldKey(connection)).toBe('');
});
