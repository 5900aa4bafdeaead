import type { EvictedKeys } from '../evicted-keys.js';
import type { DiskChanges } from './disk-changes.js';
import type { DiskClears } from './disk-clears.js';
import { DiskCounters } from './disk-counters.js';
import type { DiskTrees, DiskUsage } from './disk-driver.js';
import type { DiskLeases } from './disk-leases.js';
import { DiskRoom, type RoomMade } from './disk-room.js';
import type { DiskRows } from './disk-rows.js';
import { DiskSweep } from './disk-sweep.js';
import { costOf } from './entry-cost.js';
import { indexKey } from './index-key.js';
import { MAIN, type QueuePlace, SMALL } from './queue-place.js';
import { encodeRecord } from './record.js';
import type { WriteOperation } from './write-operation.js';

/** A larger entry would push out too much, and its pages cannot be reused at once. */
const MAX_ENTRY_SHARE = 1 / 8;

export interface DiskWriterOptions {
  readonly trees: DiskTrees;
  readonly rows: DiskRows;
  readonly clears: DiskClears;
  readonly changes: DiskChanges;
  readonly leases: DiskLeases;
  readonly usage: () => DiskUsage;
  readonly maxBytes: number;
  readonly now: () => number;
  /** Physical keys read lately; the policy removes each key when it reaches the entry. */
  readonly touched: Set<string>;
  /** Receives the hashes of evicted keys. */
  readonly evicted: EvictedKeys;
  readonly ownerTag?: string | undefined;
}

export interface WriteOutcome extends RoomMade {
  readonly results: boolean[];
}

/** Applies operations inside a write transaction. */
export class DiskWriter {
  readonly #options: DiskWriterOptions;
  readonly #room: DiskRoom;
  readonly #sweep: DiskSweep;

  constructor(options: DiskWriterOptions) {
    this.#options = options;
    this.#room = new DiskRoom(options);
    this.#sweep = new DiskSweep(options);
  }

  apply(batch: readonly WriteOperation[]): WriteOutcome {
    const { trees, changes, ownerTag } = this.#options;
    const counters = DiskCounters.load(trees, ownerTag);
    changes.begin(counters.sequence);
    const results = batch.map((operation) => this.#applyOne(operation, counters));
    const made = this.#room.makeRoom(counters);
    this.#sweep.sweep(counters, batch.length);
    changes.save();
    changes.trim(counters.sequence);
    counters.save(trees);
    return { results, ...made };
  }

  /** Continues evicting where a transaction left the file overfull. */
  makeRoom(): RoomMade {
    return this.#alone((counters) => this.#room.makeRoom(counters));
  }

  /** After a failed write: evicts entries, so that the next writes find free pages within the file as it is. */
  stepBack(): RoomMade {
    this.#sweep.forget();
    return this.#alone((counters) => this.#room.stepBack(counters));
  }

  #alone(action: (counters: DiskCounters) => RoomMade): RoomMade {
    const { trees, ownerTag } = this.#options;
    const counters = DiskCounters.load(trees, ownerTag);
    const made = action(counters);
    counters.save(trees);
    return made;
  }

  #applyOne(operation: WriteOperation, counters: DiskCounters): boolean {
    switch (operation.kind) {
      case 'set':
        return this.#set(operation, counters);
      case 'delete':
        return this.#delete(operation, counters);
      case 'clear':
        return this.#clear(operation, counters);
      case 'lease':
        return this.#options.leases.take(operation.physical, operation.owner, operation.ttlMs);
      case 'release':
        return this.#options.leases.release(operation.physical, operation.owner);
    }
  }

  #set(operation: WriteOperation & { kind: 'set' }, counters: DiskCounters): boolean {
    const { rows, clears, changes, maxBytes } = this.#options;
    const { namespace, key, entry, since, writer } = operation;
    // A sequence ahead of ours comes from a file that has been replaced.
    const isSuperseded =
      since !== undefined &&
      (since > counters.sequence ||
        clears.isSuperseded(namespace, entry.tags, since) ||
        changes.hasKeySince(namespace, key, since));
    if (isSuperseded) return false;
    const slot = indexKey(namespace, key);
    const sequence = counters.nextSequence();
    let place: QueuePlace = {
      segment: this.#room.isReturning(namespace, key) ? MAIN : SMALL,
      position: sequence,
    };
    // Most keys are new, so this is usually the only access to the index.
    if (!rows.claim(slot, place)) {
      const old = rows.inSlot(slot);
      const isSame = old?.namespace === namespace && old.key === key;
      if (isSame && since !== undefined && old.sequence > since) return false;
      if (isSame) place = { ...place, segment: old.segment };
      if (old === undefined) rows.forget(slot);
      else rows.remove(old, counters);
      rows.claim(slot, place);
    }
    changes.addKey(sequence, writer, namespace, key);
    const record = encodeRecord(namespace, key, entry, sequence);
    const cost = costOf(record.length);
    if (cost > maxBytes * MAX_ENTRY_SHARE) {
      rows.forget(slot);
      return false;
    }
    this.#sweep.noteEnd(entry.retainUntil);
    counters.add({ segment: place.segment, cost, tags: entry.tags });
    rows.append(place, record);
    return true;
  }

  #clear({ namespace, tag, writer }: WriteOperation & { kind: 'clear' }, counters: DiskCounters): true {
    const sequence = counters.nextSequence();
    this.#options.clears.write(namespace, tag, sequence);
    this.#options.changes.addClear(sequence, writer, namespace, tag);
    return true;
  }

  #delete(operation: WriteOperation & { kind: 'delete' }, counters: DiskCounters): boolean {
    const { rows, clears, changes } = this.#options;
    const { namespace, key, writer } = operation;
    changes.addKey(counters.nextSequence(), writer, namespace, key);
    const slot = indexKey(namespace, key);
    const entry = rows.inSlot(slot);
    if (entry === undefined) return rows.forget(slot);
    if (entry.namespace !== namespace || entry.key !== key) return false;
    rows.remove(entry, counters);
    return !clears.isClearedSince(namespace, entry.tags, entry.sequence);
  }
}
