import { randomBytes, randomUUID } from 'node:crypto';
import { Budgets } from './budgets.js';
import { checkedSettings } from './check-options.js';
import { KeysError } from './errors.js';
import type { CreateKeyOptions, GatewayKey, KeyRole, ListedKey } from './gateway-key.js';
import { type KeyFile, openKeyFile } from './key-file.js';
import { KnownKeys } from './known-keys.js';
import { RecentSecrets } from './recent-secrets.js';
import { ambiguous, closedKeyring, notFound, unavailable } from './refusals.js';
import { createSecret, digestOf, looksLikeSecret } from './secret.js';
import { SpendingFile } from './spending-file.js';

export interface KeyringOptions {
  /** The SQLite file, made with the first key; missing folders are made as well. */
  readonly path: string;
  /** Epoch, ms. Default: `Date.now`. */
  readonly clock?: () => number;
  /** How often to look whether another process has changed a key, ms. Default 250. */
  readonly lookEveryMs?: number;
}

/** A new key. The only time that the key itself is told. */
export interface CreatedKey {
  readonly key: GatewayKey;
  readonly secret: string;
}

/** The keys of one file. Any number of processes may use it at once. */
export interface Keyring extends AsyncDisposable {
  /** Throws a `TypeError` or `RangeError` that names the option, or `KEYS_UNAVAILABLE`. */
  create(options: CreateKeyOptions): CreatedKey;
  /** All keys, revoked ones included, the oldest first. Throws `KEYS_UNAVAILABLE`. */
  list(): readonly ListedKey[];
  /** Ends a key by its id, or by its name where no other key in use has it. Throws `KEYS_NOT_FOUND` or `KEYS_AMBIGUOUS`. */
  revoke(idOrName: string): GatewayKey;
  /**
   * The key to a secret; `undefined` when it is none, has expired or was revoked. What another process has changed is seen within
   * `lookEveryMs`. Throws `KEYS_UNAVAILABLE` when the file cannot be read: nobody is let in on what cannot be checked.
   */
  verify(secret: string): GatewayKey | undefined;
  /** Whether there is a key of this role that can be used. Throws `KEYS_UNAVAILABLE`. */
  hasKey(role: KeyRole): boolean;
  /** What is spent of the budgets. */
  readonly budgets: Budgets;
  /** Writes what waits to be written. Idempotent. */
  close(): Promise<void>;
}

const writeUseEveryMs = 10_000;

/** Opens the keys at `path`; the file is touched first when something is asked. */
export function createKeyring(options: KeyringOptions): Keyring {
  const { path, clock = Date.now, lookEveryMs = 250 } = options;
  if (typeof path !== 'string' || path === '')
    throw new TypeError(`path must be the path of a file, got ${JSON.stringify(path)}`);
  if (!(lookEveryMs >= 0)) throw new RangeError(`lookEveryMs must be 0 or more, got ${lookEveryMs}`);
  let file: KeyFile | undefined;
  let known = new KnownKeys();
  const recent = new RecentSecrets();
  let seenVersion: number | undefined;
  let failure: KeysError | undefined;
  let lookAt = Number.NEGATIVE_INFINITY;
  let useTimer: NodeJS.Timeout | undefined;
  let closed = false;

  const budgets = new Budgets({ file: () => new SpendingFile(opened().database, randomUUID()), clock });

  function mustBeOpen(): void {
    if (closed) throw closedKeyring();
  }

  function opened(): KeyFile {
    look(true);
    // `look` has made it.
    if (file === undefined) throw unavailable(path, 'it is gone');
    return file;
  }

  /** Brings what is known up to date with the file. */
  function look(create: boolean): void {
    mustBeOpen();
    try {
      if (file?.isCurrent() === false) forget();
      file ??= openKeyFile(path, create);
      if (file === undefined) return;
      const version = file.dataVersion();
      if (version === seenVersion) return;
      takeChanges(file);
      seenVersion = version;
    } catch (error) {
      throw KeysError.isInstance(error) ? error : unavailable(path, error);
    }
  }

  /** As `look`, at most once in `lookEveryMs`: also a file that cannot be read is not tried by every request. */
  function lookSometimes(): void {
    mustBeOpen();
    const now = performance.now();
    if (now >= lookAt) {
      lookAt = now + lookEveryMs;
      failure = undefined;
      try {
        look(false);
      } catch (error) {
        failure = KeysError.isInstance(error) ? error : unavailable(path, error);
      }
    }
    if (failure !== undefined) throw failure;
  }

  function takeChanges(from: KeyFile): void {
    for (const stored of from.changedSince(known.revision)) {
      known.take(stored);
      recent.clear();
    }
  }

  /** The file was deleted or replaced: what was known of it is no longer true. */
  function forget(): void {
    budgets.reopen();
    file?.close();
    file = undefined;
    seenVersion = undefined;
    known = new KnownKeys();
    recent.clear();
  }

  function write(work: (open: KeyFile) => void): void {
    const open = opened();
    try {
      work(open);
      // Its own changes do not show in the version that a connection sees.
      takeChanges(open);
    } catch (error) {
      throw unavailable(path, error);
    }
  }

  function noteUse(): void {
    if (!closed) useTimer ??= setTimeout(writeUse, writeUseEveryMs).unref();
  }

  function writeUse(): void {
    useTimer = undefined;
    const used = [...known.values()].filter(({ isUsed }) => isUsed);
    if (used.length === 0) return;
    const at = clock();
    try {
      file?.touch(used.map(({ key }) => ({ id: key.id, at })));
    } catch {
      // No more than a date: it is written the next time.
      noteUse();
      return;
    }
    for (const entry of used) {
      entry.isUsed = false;
      entry.lastUsedAt = at;
    }
  }

  function list(): ListedKey[] {
    look(false);
    if (file === undefined) return [];
    try {
      return file
        .changedSince(0)
        .map(({ key, lastUsedAt }) => ({
          ...key,
          ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
          ...(key.budget === undefined ? {} : { spending: budgets.spendingOf(key) }),
        }))
        .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
    } catch (error) {
      throw unavailable(path, error);
    }
  }

  async function close(): Promise<void> {
    if (closed) return;
    clearTimeout(useTimer);
    writeUse();
    budgets.close();
    closed = true;
    file?.close();
    file = undefined;
  }

  return {
    budgets,
    list,

    create(wanted) {
      const createdAt = clock();
      const id = randomBytes(5).toString('hex');
      const key: GatewayKey = { id, ...checkedSettings(wanted, createdAt), createdAt };
      const secret = createSecret();
      write((open) => open.insert(key, digestOf(secret)));
      return { key, secret };
    },

    revoke(idOrName) {
      const inUse = list().filter(({ revokedAt }) => revokedAt === undefined);
      const byId = inUse.filter(({ id }) => id === idOrName);
      const found = byId.length > 0 ? byId : inUse.filter(({ name }) => name === idOrName);
      const [key] = found;
      if (key === undefined) throw notFound(idOrName);
      if (found.length > 1) throw ambiguous(idOrName, found);
      const revokedAt = clock();
      write((open) => open.revoke(key.id, revokedAt));
      const { lastUsedAt: _used, spending: _spending, ...rest } = key;
      return { ...rest, revokedAt };
    },

    verify(secret) {
      if (!looksLikeSecret(secret)) return undefined;
      lookSometimes();
      const hit = recent.find(secret);
      const entry = hit ?? known.find(digestOf(secret));
      if (entry === undefined) return undefined;
      if (hit === undefined) recent.keep(secret, entry);
      const { expiresAt } = entry.key;
      if (expiresAt !== undefined && clock() >= expiresAt) return undefined;
      if (!entry.isUsed) {
        entry.isUsed = true;
        noteUse();
      }
      return entry.key;
    },

    hasKey(role) {
      lookSometimes();
      const now = clock();
      for (const { key } of known.values())
        if (key.role === role && (key.expiresAt ?? now + 1) > now) return true;
      return false;
    },

    close,
    [Symbol.asyncDispose]: close,
  };
}
