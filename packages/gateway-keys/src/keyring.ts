import { randomBytes } from 'node:crypto';
import { Budgets, type Reservation } from './budgets.js';
import { checkDuration, checkFunction, checkNames, checkObject, show } from './check.js';
import { checkedSettings, expiryBound } from './check-options.js';
import type { KeysError } from './errors.js';
import type {
  CreateKeyOptions,
  GatewayKey,
  KeyBudget,
  KeyRole,
  KeySpending,
  ListedKey,
} from './gateway-key.js';
import { KeyRegister } from './key-register.js';
import type { Awaitable, KeyStore, StoredKey } from './key-store.js';
import type { KnownKey } from './known-keys.js';
import { RecentSecrets } from './recent-secrets.js';
import { ambiguous, closedKeyring, notFound } from './refusals.js';
import { createSecret, digestOf, looksLikeSecret, signingSecretOf } from './secret.js';
import { sqliteKeyStore } from './sqlite/sqlite-key-store.js';
import { UseNotes } from './use-notes.js';

export interface KeyringOptions {
  /** The SQLite file, created with the first key stored in it; missing folders are created as well. */
  readonly path: string;
  /**
   * A store that many machines share, such as `redisKeyStore`: new keys are created there, and those of the file are valid on this machine.
   * Closed with the keyring. Default: none.
   */
  readonly shared?: KeyStore;
  /** Epoch, ms. Default: `Date.now`. */
  readonly clock?: () => number;
  /** How often to check whether another process has changed a key, ms. Default 250. */
  readonly lookEveryMs?: number;
}

/** A new key. The secret is returned only here. */
export interface CreatedKey {
  readonly key: GatewayKey;
  readonly secret: string;
}

/** A usable key, and a secret for signing on its behalf. */
export interface KeySigner {
  readonly key: GatewayKey;
  /** 32 bytes. Every process that knows the key has the same. */
  readonly secret: Buffer;
}

/** Spends budgets, each in the store of its key. */
export interface KeyBudgets {
  /** As `Budgets.reserve`. */
  reserve(key: string, budget: KeyBudget, usd: number): Awaitable<Reservation | undefined>;
  settle(reservation: Reservation, spentUsd: number): void;
  spendingOf(key: Pick<GatewayKey, 'id' | 'budget'>): Awaitable<KeySpending>;
  /** What this process was last told about the key's spending. */
  lastKnownOf(key: Pick<GatewayKey, 'id'>): KeySpending;
}

/** The keys of one file, and of the shared store. Any number of processes may use them at once. */
export interface Keyring extends AsyncDisposable {
  /** Resolves when the shared keys have been read, or are known to be unreadable; waits no longer than the store does. Never rejects. */
  ready(): Promise<void>;
  /** Rejects with a `TypeError` or `RangeError` that names the option, or `KEYS_UNAVAILABLE`. */
  create(options: CreateKeyOptions): Promise<CreatedKey>;
  /** All keys, including revoked ones, oldest first. Rejects with `KEYS_UNAVAILABLE`. */
  list(): Promise<readonly ListedKey[]>;
  /** Revokes a key by its id, or by its name if no other key in use has it. Rejects with `KEYS_NOT_FOUND` or `KEYS_AMBIGUOUS`. */
  revoke(idOrName: string): Promise<GatewayKey>;
  /**
   * The key of a secret; `undefined` if there is none, or it has expired or was revoked. Changes by other processes are seen within
   * `lookEveryMs`. Throws `KEYS_UNAVAILABLE` if the file cannot be read, or if the shared keys have never been read: nobody is let in
   * unchecked. While a shared store is down, known keys stay valid.
   */
  verify(secret: string): GatewayKey | undefined;
  /**
   * A secret for signing on behalf of a key, by its id: valid as long as the key is, so that whatever was signed ends with the key.
   * `purpose` separates one use from another. The secret is derived from what is stored of the key, so anyone who can read the store can
   * derive it as well. `undefined` if there is no such key, or it has expired or was revoked. Throws like `verify`.
   */
  signer(id: string, purpose: string): KeySigner | undefined;
  /** Whether a usable key of this role exists. Throws `KEYS_UNAVAILABLE` if that cannot be determined. */
  hasKey(role: KeyRole): boolean;
  readonly budgets: KeyBudgets;
  /** Writes whatever is still pending. Idempotent. */
  close(): Promise<void>;
}

const knownOptions: Record<keyof KeyringOptions, true> = {
  path: true,
  shared: true,
  clock: true,
  lookEveryMs: true,
};

/** Opens the keys at `path`; the file is not touched until something is requested. */
export function createKeyring(options: KeyringOptions): Keyring {
  checkNames('createKeyring', options, knownOptions);
  const { path, shared, clock = Date.now, lookEveryMs = 250 } = options;
  if (typeof path !== 'string' || path === '')
    throw new TypeError(`path must be the path of a file, got ${show(path)}`);
  checkDuration('lookEveryMs', lookEveryMs);
  checkFunction('clock', clock);
  if (shared !== undefined) checkObject('shared', shared, 'changes');
  const recent = new RecentSecrets();
  const registers = [...(shared === undefined ? [] : [shared]), sqliteKeyStore(path)].map(
    (store) =>
      new KeyRegister({
        store,
        budgets: new Budgets({ store, clock }),
        lookEveryMs,
        onChange: () => recent.clear(),
      }),
  );
  /** Where new keys are created. */
  const [first] = registers as [KeyRegister, ...KeyRegister[]];
  const notes = new UseNotes(registers, clock);
  let closed = false;

  function mustBeOpen(): void {
    if (closed) throw closedKeyring();
  }

  /** For a key that nobody knows any more, the first will do: it is refused everywhere. */
  function registerOf(id: string): KeyRegister {
    return registers.find(({ known }) => known.has(id)) ?? first;
  }

  function budgetsOf(id: string): Budgets {
    return registerOf(id).budgets;
  }

  async function all(): Promise<{ readonly stored: StoredKey; readonly register: KeyRegister }[]> {
    mustBeOpen();
    const found = await Promise.all(
      registers.map(async (register) => (await register.all()).map((stored) => ({ stored, register }))),
    );
    const older = (a: GatewayKey, b: GatewayKey): number =>
      a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
    return found.flat().sort((a, b) => older(a.stored.key, b.stored.key));
  }

  /** Finds a key by its digest. An unknown one may have been created since the store was last checked, so it is checked again. */
  function find(digest: Buffer, problems: readonly (KeysError | undefined)[]): KnownKey | undefined {
    for (const [index, register] of registers.entries()) {
      if (problems[index] !== undefined) continue;
      const known = register.known.find(digest);
      if (known !== undefined) return known;
      if (register.problem(true) !== undefined) continue;
      const late = register.known.find(digest);
      if (late !== undefined) return late;
    }
    return undefined;
  }

  async function close(): Promise<void> {
    if (closed) return;
    await notes.close();
    closed = true;
    for (const register of registers) await register.close();
  }

  return {
    budgets: {
      reserve: (id, budget, usd) => budgetsOf(id).reserve(id, budget, usd),
      settle: (reservation, spentUsd) => reservation.budgets.settle(reservation, spentUsd),
      spendingOf: (key) => budgetsOf(key.id).spendingOf(key),
      lastKnownOf: (key) => budgetsOf(key.id).lastKnownOf(key),
    },

    async ready() {
      mustBeOpen();
      for (const register of registers) {
        try {
          await register.look();
        } catch {
          // Reported to callers that ask for something which depends on it.
        }
      }
    },

    async list() {
      const found = await all();
      return Promise.all(
        found.map(async ({ stored: { key, lastUsedAt }, register }) => ({
          ...withoutFarEnd(key),
          ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
          ...(key.budget === undefined ? {} : { spending: await register.budgets.spendingOf(key) }),
        })),
      );
    },

    async create(wanted) {
      mustBeOpen();
      const createdAt = clock();
      const id = randomBytes(5).toString('hex');
      const key: GatewayKey = { id, ...checkedSettings(wanted, createdAt), createdAt };
      const secret = createSecret();
      await first.put([{ key, digest: digestOf(secret) }]);
      return { key, secret };
    },

    async revoke(idOrName) {
      const inUse = (await all()).filter(({ stored }) => stored.key.revokedAt === undefined);
      const byId = inUse.filter(({ stored }) => stored.key.id === idOrName);
      const found = byId.length > 0 ? byId : inUse.filter(({ stored }) => stored.key.name === idOrName);
      const [only] = found;
      if (only === undefined) throw notFound(idOrName);
      if (found.length > 1)
        throw ambiguous(
          idOrName,
          found.map(({ stored }) => stored.key),
        );
      const { stored, register } = only;
      const key = { ...stored.key, revokedAt: clock() };
      await register.put([{ ...stored, key }]);
      return key;
    },

    verify(secret) {
      mustBeOpen();
      if (!looksLikeSecret(secret)) return undefined;
      // First, pick up what others have changed.
      const problems = registers.map((register) => register.problem());
      const hit = recent.find(secret);
      const entry = hit ?? find(digestOf(secret), problems);
      if (entry === undefined) {
        const problem = problems.find(Boolean);
        if (problem !== undefined) throw problem;
        return undefined;
      }
      if (hit === undefined) recent.keep(secret, entry);
      const { expiresAt } = entry.key;
      if (expiresAt !== undefined && clock() >= expiresAt) return undefined;
      if (!entry.isUsed) {
        entry.isUsed = true;
        notes.write();
      }
      return entry.key;
    },

    signer(id, purpose) {
      mustBeOpen();
      const problems = registers.map((register) => register.problem());
      for (const [index, { known }] of registers.entries()) {
        const entry = problems[index] === undefined ? known.get(id) : undefined;
        if (entry === undefined) continue;
        const { key, digest } = entry;
        if (key.expiresAt !== undefined && clock() >= key.expiresAt) return undefined;
        return { key, secret: signingSecretOf(digest, purpose) };
      }
      const problem = problems.find(Boolean);
      if (problem !== undefined) throw problem;
      return undefined;
    },

    hasKey(role) {
      mustBeOpen();
      const problems = registers.map((register) => register.problem());
      const now = clock();
      for (const [index, { known }] of registers.entries()) {
        if (problems[index] !== undefined) continue;
        for (const { key } of known.values())
          if (key.role === role && (key.expiresAt ?? now + 1) > now) return true;
      }
      const problem = problems.find(Boolean);
      if (problem !== undefined) throw problem;
      return false;
    },

    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Earlier versions stored ends of keys that are no dates. */
function withoutFarEnd(key: GatewayKey): GatewayKey {
  const { expiresAt = 0, ...endless } = key;
  return expiresAt < expiryBound ? key : endless;
}
