import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { errorCode } from '../fs/error-code.js';

/** Holder of a lock, as written in the lock file. */
export interface LockOwner {
  /** Unique per acquisition. */
  readonly token: string;
  readonly pid: number;
  readonly host: string;
  /** Where `pid` is valid: boot id and pid namespace on Linux, the host name elsewhere. */
  readonly scope: string;
  /** Distinguishes this process from a later one with the same pid. Linux only. */
  readonly stamp?: string;
  /** Epoch, ms. */
  readonly acquiredAt: number;
}

export type OwnerState = 'alive' | 'dead' | 'unknown';

interface Identity {
  readonly scope: string;
  readonly stamp?: string;
}

let identity: Promise<Identity> | undefined;

/** The owner this process writes into its lock files. */
export async function describeSelf(token: string, acquiredAt: number): Promise<LockOwner> {
  identity ??= readIdentity();
  return { token, pid: process.pid, host: hostname(), ...(await identity), acquiredAt };
}

/**
 * Whether an owner is alive, as far as this process can tell: `unknown` on another machine or in another container, and
 * where the system cannot tell a process from a later one with the same pid.
 */
export async function ownerState(owner: LockOwner): Promise<OwnerState> {
  identity ??= readIdentity();
  if (owner.scope !== (await identity).scope) return 'unknown';
  return processState(owner.pid, owner.stamp);
}

/** Whether a process in this scope is alive, given its start time if known. */
export async function processState(pid: number, stamp: string | undefined): Promise<OwnerState> {
  const running = stamp === undefined ? unreadable : await startStamp(pid);
  if (running === undefined) return 'dead';
  if (running !== unreadable) return running === stamp ? 'alive' : 'dead';
  try {
    process.kill(pid, 0);
    return 'unknown';
  } catch (error) {
    return errorCode(error) === 'ESRCH' ? 'dead' : 'unknown';
  }
}

export function parseOwner(text: string): LockOwner | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isOwner(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isOwner(value: unknown): value is LockOwner {
  if (typeof value !== 'object' || value === null) return false;
  const { token, pid, host, scope } = value as Partial<Record<keyof LockOwner, unknown>>;
  return (
    typeof token === 'string' &&
    /^[0-9a-z]+$/u.test(token) &&
    Number.isInteger(pid) &&
    typeof host === 'string' &&
    typeof scope === 'string'
  );
}

async function readIdentity(): Promise<Identity> {
  if (process.platform !== 'linux') return { scope: hostname() };
  try {
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    // Containers on one machine share the boot id but not the pids.
    const namespace = await readlink('/proc/self/ns/pid');
    const stamp = await startStamp(process.pid);
    return {
      scope: `${boot} ${namespace}`,
      ...(stamp === undefined || stamp === unreadable ? {} : { stamp }),
    };
  } catch {
    return { scope: hostname() };
  }
}

const unreadable = 'unreadable';

/**
 * Start time of a process in clock ticks since boot: field 22 of `/proc/PID/stat`, proc(5). Undefined for a zombie, which has exited and
 * only waits to be reaped. `unreadable` says nothing about the process: another user's is hidden under `hidepid`, and this process may have
 * no file descriptor left.
 */
async function startStamp(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field, the command in parentheses, may itself contain spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : (fields[19] ?? unreadable);
  } catch {
    return unreadable;
  }
}
