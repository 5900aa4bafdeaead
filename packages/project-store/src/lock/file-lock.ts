import { open, stat, unlink, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { linkOrCreate } from '../fs/atomic-write.js';
import { isMissing, writeFailure } from '../fs/error-code.js';
import { readText } from '../fs/safe-read.js';
import { temporaryName } from '../fs/temporary-name.js';
import { randomToken } from '../fs/token.js';
import { describeSelf, type LockOwner, ownerState, parseOwner } from './lock-owner.js';
import { enterQueue } from './process-queue.js';

/** A holder touches its lock this often, ms. */
const heartbeatMs = 10_000;
/** A holder whose life cannot be checked is given up after this silence, ms. */
const silenceMs = 60_000;

export interface LockOptions {
  /** How long to wait for the present holder, ms. 0 asks once. */
  readonly waitMs: number;
  readonly clock: () => number;
}

export interface FileLock extends AsyncDisposable {
  readonly owner: LockOwner;
  /** Idempotent. */
  release(): Promise<void>;
}

export type LockResult =
  | { readonly lock: FileLock }
  /** `holder` is undefined when the file could not be understood or the queue of this process was too long. */
  | { readonly lock: undefined; readonly holder: LockOwner | undefined };

/**
 * Takes the lock at `path` (its folder must exist) for this call alone, across processes. The lock is a file that
 * appears whole, under a name that only one can give. A holder that died is noticed by its pid and start time; one on
 * another machine by its silence.
 */
export async function acquireLock(path: string, options: LockOptions): Promise<LockResult> {
  const deadline = performance.now() + options.waitMs;
  const leave = await enterQueue(path, options.waitMs);
  if (leave === undefined) return { lock: undefined, holder: (await inspect(path))?.owner };
  let entered = false;
  try {
    const owner = await describeSelf(randomToken(12), options.clock());
    for (;;) {
      if (await claim(path, owner)) {
        entered = true;
        return { lock: hold(path, owner, leave) };
      }
      const found = await inspect(path);
      if (found === undefined) continue;
      if (found.dead) {
        await removeDead(path, found.token, options.clock);
        continue;
      }
      const left = deadline - performance.now();
      if (left <= 0) return { lock: undefined, holder: found.owner };
      await sleep(Math.min(left, 1 + Math.random() * 15));
    }
  } finally {
    if (!entered) leave();
  }
}

/** The live holder of a lock, if there is one. */
export async function lockHolder(path: string): Promise<LockOwner | undefined> {
  const found = await inspect(path);
  return found === undefined || found.dead ? undefined : found.owner;
}

/** Gives the lock file to `owner` unless it exists. */
async function claim(path: string, owner: LockOwner): Promise<boolean> {
  const text = `${JSON.stringify(owner)}\n`;
  const candidate = await temporaryName(path);
  try {
    await writeFile(candidate, text, { flag: 'wx' });
    return await linkOrCreate(candidate, path, text);
  } catch (error) {
    throw isMissing(error) ? error : writeFailure(error, path);
  } finally {
    await unlink(candidate).catch(ignore);
  }
}

function hold(path: string, owner: LockOwner, leave: () => void): FileLock {
  const text = `${JSON.stringify(owner)}\n`;
  const heartbeat = setInterval(() => void touch(path, text).catch(ignore), heartbeatMs);
  heartbeat.unref();
  let released: Promise<void> | undefined;
  async function release(): Promise<void> {
    clearInterval(heartbeat);
    try {
      if ((await readText(path)) === text) await unlink(path);
    } catch (error) {
      if (!isMissing(error)) throw error;
    } finally {
      leave();
    }
  }
  const lock: FileLock = {
    owner,
    release: () => {
      released ??= release();
      return released;
    },
    [Symbol.asyncDispose]: () => lock.release(),
  };
  return lock;
}

/** Writes the same bytes again: the file system's own clock dates them, whichever machine writes. */
async function touch(path: string, text: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    if ((await handle.readFile('utf8')) === text) await handle.write(text, 0);
  } finally {
    await handle.close();
  }
}

interface Found {
  readonly owner: LockOwner | undefined;
  readonly token: string;
  readonly dead: boolean;
}

async function inspect(path: string): Promise<Found | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  const owner = parseOwner(text);
  const state = owner === undefined ? 'unknown' : await ownerState(owner);
  const silent = state === 'unknown' ? await silenceOf(path) : 0;
  if (silent === undefined) return undefined;
  return { owner, token: owner?.token ?? 'garbled', dead: state === 'dead' || silent > silenceMs };
}

/** How long nobody has written a file, ms, by the clock of its file system. Undefined when it is gone. */
async function silenceOf(path: string): Promise<number | undefined> {
  const probe = await temporaryName(path);
  try {
    await writeFile(probe, '', { flag: 'wx' });
    const now = (await stat(probe)).mtimeMs;
    return now - (await stat(path)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return undefined;
    // A read-only folder cannot be probed, and nobody writes there: take the holder for alive.
    return 0;
  } finally {
    await unlink(probe).catch(ignore);
  }
}

/**
 * Removes the lock of a dead holder, and no other. Several may find it dead at the same time, and one of them may hold
 * a new lock by the time another comes to delete the old one. So whoever deletes first takes a lock named after the
 * dead holder's token and looks again: only the owner of that name deletes that token's file, and a token never
 * returns. Should it die in between, its own lock is removed in the same way.
 */
async function removeDead(path: string, token: string, clock: () => number): Promise<void> {
  const guard = `${path}.dead-${token}`;
  const self = await describeSelf(randomToken(12), clock());
  if (!(await claim(guard, self))) {
    const other = await inspect(guard);
    if (other?.dead === true) await removeDead(guard, other.token, clock);
    else await sleep(1);
    return;
  }
  try {
    const now = await inspect(path);
    if (now?.dead && now.token === token) await unlink(path);
  } finally {
    await unlink(guard).catch(ignore);
  }
}

function ignore(): void {}
