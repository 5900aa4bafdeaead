import { randomUUID } from 'node:crypto';
import type { KeyChanges, KeyStore, KeyVersion } from '../key-store.js';
import { type KeyFile, openKeyFile } from './key-file.js';
import { SpendingFile } from './spending-file.js';

interface OpenFile {
  readonly file: KeyFile;
  readonly spending: SpendingFile;
  /** A file that was deleted and created again has other keys. */
  readonly epoch: string;
}

/** The epoch while there is no file. */
const nothing = 'none';

/** Keeps keys in a SQLite file, for all processes of a machine. The file is not touched until something is asked. */
export function sqliteKeyStore(path: string): KeyStore {
  let open: OpenFile | undefined;
  let seenVersion: number | undefined;
  let closed = false;

  function opened(create: boolean): OpenFile | undefined {
    if (closed) throw new Error('it is closed');
    if (open?.file.isCurrent() === false) close();
    if (open !== undefined) return open;
    const file = openKeyFile(path, create);
    if (file === undefined) return undefined;
    open = { file, spending: new SpendingFile(file.database), epoch: randomUUID() };
    seenVersion = undefined;
    return open;
  }

  function made(): OpenFile {
    const file = opened(true);
    if (file === undefined) throw new Error('it is gone');
    return file;
  }

  function close(): void {
    open?.file.close();
    open = undefined;
  }

  function changes(since?: KeyVersion): KeyChanges | undefined {
    const current = opened(false);
    if (current === undefined) {
      if (since?.epoch === nothing) return undefined;
      return { version: { epoch: nothing, revision: 0 }, keys: [], isWhole: true };
    }
    const { file, epoch } = current;
    const isWhole = since?.epoch !== epoch;
    const version = file.dataVersion();
    if (!isWhole && version === seenVersion) return undefined;
    const { revision, keys } = file.changedSince(isWhole ? 0 : since.revision);
    seenVersion = version;
    return { version: { epoch, revision }, keys, isWhole };
  }

  return {
    place: path,
    isShared: false,
    changes,
    put(keys) {
      made().file.put(keys);
      // A connection does not see its own changes in its `data_version`.
      seenVersion = undefined;
    },
    touch: (used) => opened(false)?.file.touch(used),
    budget: (owner, steps) => made().spending.steps(owner, steps),
    leave: (owner, accounts) => opened(false)?.spending.leave(owner, accounts),
    spending: (key, period) => made().spending.taken(key, period),
    close() {
      close();
      closed = true;
    },
  };
}
