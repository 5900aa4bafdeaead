import { hostname } from 'node:os';
import { bootId } from './boot-id.js';
import type { Tree } from './disk-driver.js';
import { isAlive } from './is-alive.js';

type Packed = [owner: string, machine: string, pid: number, expiresAt: number];

function isPacked(value: unknown): value is Packed {
  return (
    Array.isArray(value) && value.length === 4 && typeof value[2] === 'number' && typeof value[3] === 'number'
  );
}

/** Leases on keys that are being loaded, shared by the processes that use the file. */
export class DiskLeases {
  readonly #leases: Tree<string, unknown>;
  readonly #now: () => number;
  /** Process ids are meaningful only on the same machine, in the same boot and in the same container. */
  readonly #machine: string = `${hostname()} ${bootId()}`;

  constructor(leases: Tree<string, unknown>, now: () => number) {
    this.#leases = leases;
    this.#now = now;
  }

  /** Whether another owner holds the key. The lease of a dead process does not count. */
  isHeldByOther(physical: string, owner: string): boolean {
    const lease = this.#leases.get(physical);
    return isPacked(lease) && lease[0] !== owner && this.#isInForce(lease);
  }

  /** Inside a write transaction. */
  take(physical: string, owner: string, ttlMs: number): boolean {
    if (this.isHeldByOther(physical, owner)) return false;
    const lease: Packed = [owner, this.#machine, process.pid, this.#now() + ttlMs];
    this.#leases.putSync(physical, lease);
    return true;
  }

  /** Inside a write transaction. */
  release(physical: string, owner: string): boolean {
    const lease = this.#leases.get(physical);
    if (isPacked(lease) && lease[0] !== owner) return false;
    return this.#leases.removeSync(physical);
  }

  /** Inside a write transaction: drops leases that have expired or whose process is dead. */
  prune(): void {
    for (const { key, value } of Array.from(this.#leases.getRange({}))) {
      if (!isPacked(value) || !this.#isInForce(value)) this.#leases.removeSync(key);
    }
  }

  #isInForce([, machine, pid, expiresAt]: Packed): boolean {
    if (this.#now() >= expiresAt) return false;
    return machine !== this.#machine || isAlive(pid);
  }
}
