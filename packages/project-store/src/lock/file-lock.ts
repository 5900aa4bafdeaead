import { open, stat, unlink, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { linkOrCreate } from '../fs/atomic-write.js';
import { isMissing, writeFailure } from '../fs/error-code.js';
import { readText } from '../fs/safe-read.js';
import { temporaryName } from '../fs/temporary-name.js';
import { randomToken } from '../fs/token.js';
import { describeSelf, type LockOwner, ownerState, parseOwner } from './lock-owner.js';
import { enterQueue } from './process-queue.js';

/** How often a holder touches its lock, ms. */
const heartbeatMs = 10_000;
/** Pause before a lock file that could not be removed is tried again, ms. */
const removeAgainMs = 250;
/** Silence after which a holder whose process cannot be checked loses its lock, ms. */
const silenceMs = 60_000;

export interface LockOptions {
  /** How long to wait for the current holder, ms. 0 tries once. */
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
  /** `holder` is undefined if the lock file cannot be parsed, or was gone when the wait in this process's queue timed out. */
  | { readonly lock: undefined; readonly holder: LockOwner | undefined };

/**
 * Acquires the lock file at `path`, whose folder must exist; exclusive across processes. The file appears complete, and
 * only one process can create it. A dead holder is detected by its pid and start time, or on another machine by its
 * silence.
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

/** The live holder of a lock, if any. */
export async function lockHolder(path: string): Promise<LockOwner | undefined> {
  const found = await inspect(path);
  return found === undefined || found.dead ? undefined : found.owner;
}

/** Whether the lock file at `path` is still the one of this owner: a suspended process may have lost it. */
export async function isHeldBy(path: string, owner: LockOwner): Promise<boolean> {
  return (await readText(path)) === textOf(owner);
}

function textOf(owner: LockOwner): string {
  return `${JSON.stringify(owner)}\n`;
}

/** Creates the lock file for `owner` unless it exists. */
async function claim(path: string, owner: LockOwner): Promise<boolean> {
  const text = textOf(owner);
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
  const text = textOf(owner);
  const heartbeat = setInterval(() => void touch(path, text).catch(ignore), heartbeatMs);
  heartbeat.unref();
  let released: Promise<void> | undefined;
  async function release(): Promise<void> {
    clearInterval(heartbeat);
    if (!(await isRemoved(path, text))) removeLater(path, text);
    leave();
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

/** Removes the lock file if it is still the one with this text. False if that failed, for example for want of a file descriptor. */
async function isRemoved(path: string, text: string): Promise<boolean> {
  try {
    if ((await readText(path)) === text) await unlink(path);
    return true;
  } catch (error) {
    return isMissing(error);
  }
}

/** What the lock protected is done, so its caller need not know; but while this process lives, nobody else would remove it. */
function removeLater(path: string, text: string): void {
  const again = async (): Promise<void> => {
    if (!(await isRemoved(path, text))) removeLater(path, text);
  };
  setTimeout(() => void again(), removeAgainMs).unref();
}

/** Rewrites the same bytes, so that the file system's own clock sets the time, whichever machine writes. */
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

/** Time since a file was last written, ms, by the clock of its file system. Undefined if it is gone. */
async function silenceOf(path: string): Promise<number | undefined> {
  const probe = await temporaryName(path);
  try {
    await writeFile(probe, '', { flag: 'wx' });
    const now = (await stat(probe)).mtimeMs;
    return now - (await stat(path)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return undefined;
    // A read-only folder cannot be probed, but nobody writes there either: treat the holder as alive.
    return 0;
  } finally {
    await unlink(probe).catch(ignore);
  }
}

/**
 * Removes the lock of a dead holder, and no other. Several processes may find the holder dead at once, and one of them
 * may already hold a new lock when another is about to delete the old one. So a process first takes a guard lock named
 * after the dead holder's token, then checks again: only the holder of the guard deletes that token's file, and tokens
 * are never reused. If it dies meanwhile, its guard is removed the same way.
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
