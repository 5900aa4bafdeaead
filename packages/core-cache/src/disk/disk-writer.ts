import type { EvictedKeys } from '../evicted-keys.js';
import type { DiskChanges } from './disk-changes.js';
import type { DiskClears } from './disk-clears.js';
import { DiskCounters } from './disk-counters.js';
import type { DiskTrees, DiskUsage } from './disk-driver.js';
import type { DiskLeases } from './disk-leases.js';
import { DiskRoom, type RoomMade } from './disk-room.js';
import { DiskRows } from './disk-rows.js';
import { DiskSweep } from './disk-sweep.js';
import { costOf, MAIN, SMALL } from './index-row.js';
import { sealRecord } from './record.js';
import type { WriteOperation } from './write-operation.js';

/** A larger entry would push out too much, and its pages are not used again at once. */
const MAX_ENTRY_SHARE = 1 / 8;

export interface DiskWriterOptions {
  readonly trees: DiskTrees;
  readonly clears: DiskClears;
  readonly changes: DiskChanges;
  readonly leases: DiskLeases;
  readonly usage: () => DiskUsage;
  readonly maxBytes: number;
  readonly now: () => number;
  /** Physical keys read since the last look; the policy takes them out as it meets them. */
  readonly touched: Set<string>;
  /** Told of what was given up, by physical keys. */
  readonly evicted: EvictedKeys;
  readonly ownerTag?: string | undefined;
}

export interface WriteOutcome extends RoomMade {
  readonly results: boolean[];
}

/** What happens inside a write transaction. */
export class DiskWriter {
  readonly #options: DiskWriterOptions;
  readonly #rows: DiskRows;
  readonly #room: DiskRoom;
  readonly #sweep: DiskSweep;

  constructor(options: DiskWriterOptions) {
    this.#options = options;
    this.#rows = new DiskRows(options.trees);
    this.#room = new DiskRoom({ ...options, rows: this.#rows });
    this.#sweep = new DiskSweep({ ...options, rows: this.#rows });
  }

  apply(batch: readonly WriteOperation[]): WriteOutcome {
    const { trees, changes, ownerTag } = this.#options;
    const counters = DiskCounters.load(trees, ownerTag);
    const results = batch.map((operation) => this.#applyOne(operation, counters));
    const made = this.#room.makeRoom(counters);
    this.#sweep.sweep(counters, batch.length);
    changes.trim(counters.sequence);
    counters.save(trees);
    return { results, ...made };
  }

  /** Goes on where a transaction left the file overfull. */
  makeRoom(): RoomMade {
    return this.#alone((counters) => this.#room.makeRoom(counters));
  }

  /** After a write that failed: gives up entries, so that the next ones find free pages within the file as it is. */
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
    const { trees, clears, changes, maxBytes } = this.#options;
    const { namespace, key, physical, entry, record, since, writer } = operation;
    const old = this.#rows.get(physical);
    if (since !== undefined) {
      if (clears.isSuperseded(namespace, entry.tags, since)) return false;
      if (old !== undefined && old.sequence > since) return false;
    }
    if (old !== undefined) this.#rows.remove(physical, old, counters);
    const sequence = counters.nextSequence();
    changes.addKey(sequence, writer, namespace, key);
    const cost = costOf(physical, record.length);
    if (cost > maxBytes * MAX_ENTRY_SHARE) return false;
    sealRecord(record, physical, sequence);
    const { size, createdAt, expiresAt, retainUntil, negative, tags } = entry;
    const segment = old?.segment ?? (this.#room.isReturning(physical) ? MAIN : SMALL);
    const longKey = physical.endsWith(key) ? null : key;
    this.#sweep.noteEnd(retainUntil);
    trees.records.putSync(physical, record);
    this.#rows.insert(
      physical,
      {
        segment,
        position: sequence,
        cost,
        size,
        sequence,
        createdAt,
        expiresAt,
        retainUntil,
        negative,
        tags,
        longKey,
      },
      counters,
    );
    return true;
  }

  #clear({ namespace, tag, writer }: WriteOperation & { kind: 'clear' }, counters: DiskCounters): true {
    const sequence = counters.nextSequence();
    this.#options.clears.write(namespace, tag, sequence);
    this.#options.changes.addClear(sequence, writer, namespace, tag);
    return true;
  }

  #delete(operation: WriteOperation & { kind: 'delete' }, counters: DiskCounters): boolean {
    const { trees, clears, changes } = this.#options;
    const { namespace, key, physical, writer } = operation;
    changes.addKey(counters.nextSequence(), writer, namespace, key);
    const row = this.#rows.get(physical);
    if (row === undefined) return trees.records.removeSync(physical);
    this.#rows.remove(physical, row, counters);
    return !clears.isClearedSince(namespace, row.tags, row.sequence);
  }
}
