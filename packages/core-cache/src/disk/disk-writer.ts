import type { DiskChanges } from './disk-changes.js';
import type { DiskClears } from './disk-clears.js';
import { DiskCounters } from './disk-counters.js';
import type { DiskTrees } from './disk-driver.js';
import type { DiskLeases } from './disk-leases.js';
import { costOf, type IndexRow, MAIN, packRow, type Segment, SMALL, unpackRow } from './index-row.js';
import { sealRecord } from './record.js';
import type { WriteOperation } from './write-operation.js';

const SMALL_SHARE = 0.1;
const CANDIDATES = 64;
/** Bounds the time that the write lock is held; what is left is done by the next transaction. */
const MAX_EVICTIONS_PER_TRANSACTION = 512;
const SWEEP_PER_OPERATION = 4;
/** Where a disk is fuller than the bound foresaw: how far to step back, and how slowly to come forward again. */
const STEP_BACK = 0.9;
const STEP_FORWARD = 1.05;
const TRANSACTIONS_PER_STEP = 1000;
const GHOSTS = 20_000;

export interface DiskWriterOptions {
  readonly trees: DiskTrees;
  readonly clears: DiskClears;
  readonly changes: DiskChanges;
  readonly leases: DiskLeases;
  readonly maxBytes: number;
  readonly now: () => number;
  /** Physical keys read since the last look; the policy takes them out as it meets them. */
  readonly touched: Set<string>;
}

export interface WriteOutcome {
  readonly results: boolean[];
  readonly evictions: number;
  /** Still over the bound: another transaction should go on. */
  readonly overfull: boolean;
}

/** What happens inside a write transaction. S3-FIFO on disk: see `memory/s3-fifo.ts` for the policy. */
export class DiskWriter {
  readonly #options: DiskWriterOptions;
  readonly #ghosts: Set<string> = new Set();
  /** At most `maxBytes`; less after the disk was found to be full. */
  #bound: number;
  #sinceStep = 0;

  constructor(options: DiskWriterOptions) {
    this.#options = options;
    this.#bound = options.maxBytes;
  }

  apply(batch: readonly WriteOperation[]): WriteOutcome {
    const counters = DiskCounters.load(this.#options.trees);
    const results = batch.map((operation) => this.#applyOne(operation, counters));
    const evictions = this.#makeRoom(counters);
    this.#sweep(counters, batch.length * SWEEP_PER_OPERATION);
    this.#options.changes.trim(counters.sequence);
    counters.save(this.#options.trees);
    const overfull = counters.bytes > this.#bound;
    this.#stepForward();
    return { results, evictions, overfull };
  }

  #stepForward(): void {
    if (this.#bound >= this.#options.maxBytes) return;
    this.#sinceStep += 1;
    if (this.#sinceStep < TRANSACTIONS_PER_STEP) return;
    this.#sinceStep = 0;
    this.#bound = Math.min(this.#options.maxBytes, this.#bound * STEP_FORWARD);
  }

  /** After a write that failed: gives up entries, so that the next ones find free pages within the file as it is. */
  stepBack(): number {
    const counters = DiskCounters.load(this.#options.trees);
    this.#bound = Math.min(this.#bound, counters.bytes) * STEP_BACK;
    this.#sinceStep = 0;
    const evictions = this.#makeRoom(counters);
    counters.save(this.#options.trees);
    return evictions;
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
      case 'maintain':
        return true;
    }
  }

  #set(operation: WriteOperation & { kind: 'set' }, counters: DiskCounters): boolean {
    const { trees, clears, changes, maxBytes } = this.#options;
    const { namespace, key, physical, entry, record, since, writer } = operation;
    const old = unpackRow(trees.index.get(physical));
    if (since !== undefined) {
      if (clears.isSuperseded(namespace, entry.tags, since)) return false;
      if (old !== undefined && old.sequence > since) return false;
    }
    if (old !== undefined) this.#remove(physical, old, counters);
    const sequence = counters.nextSequence();
    changes.addKey(sequence, writer, namespace, key);
    const cost = costOf(physical, record.length);
    if (cost > maxBytes) return false;
    sealRecord(record, physical, sequence);
    const { size, createdAt, expiresAt, retainUntil, negative, tags } = entry;
    const segment = old?.segment ?? (this.#ghosts.delete(physical) ? MAIN : SMALL);
    const longKey = physical.endsWith(key) ? null : key;
    trees.records.putSync(physical, record);
    this.#insert(
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
    const row = unpackRow(trees.index.get(physical));
    if (row === undefined) return trees.records.removeSync(physical);
    this.#remove(physical, row, counters);
    return !clears.isClearedSince(namespace, row.tags, row.sequence);
  }

  #insert(physical: string, row: IndexRow, counters: DiskCounters): void {
    const { trees } = this.#options;
    trees.index.putSync(physical, packRow(row));
    trees.order.putSync([row.segment, row.position], physical);
    counters.add(row.segment, row.cost);
  }

  #unlink(row: IndexRow, counters: DiskCounters): void {
    this.#options.trees.order.removeSync([row.segment, row.position]);
    counters.subtract(row.segment, row.cost);
  }

  #remove(physical: string, row: IndexRow, counters: DiskCounters): void {
    const { trees } = this.#options;
    this.#unlink(row, counters);
    trees.records.removeSync(physical);
    trees.index.removeSync(physical);
  }

  #makeRoom(counters: DiskCounters): number {
    const maxBytes = this.#bound;
    let evictions = 0;
    while (counters.bytes > maxBytes && evictions < MAX_EVICTIONS_PER_TRANSACTION) {
      const segment =
        counters.entriesOf(MAIN) === 0 || counters.bytesOf(SMALL) > maxBytes * SMALL_SHARE ? SMALL : MAIN;
      const candidates = this.#oldest(segment);
      if (candidates.length === 0) {
        counters.reset(segment);
        if (counters.entriesOf(SMALL) + counters.entriesOf(MAIN) === 0) break;
      }
      for (const { key, value: physical } of candidates) {
        if (counters.bytes <= maxBytes) break;
        evictions += this.#evictOrKeep(segment, key, physical, counters);
      }
    }
    return evictions;
  }

  #oldest(segment: Segment): { key: [number, number]; value: string }[] {
    const { order } = this.#options.trees;
    return Array.from(order.getRange({ start: [segment, 0], end: [segment + 1, 0], limit: CANDIDATES }));
  }

  #evictOrKeep(segment: Segment, place: [number, number], physical: string, counters: DiskCounters): number {
    const { trees, touched } = this.#options;
    const row = unpackRow(trees.index.get(physical));
    if (row === undefined || row.segment !== segment || row.position !== place[1]) {
      trees.order.removeSync(place);
      return 0;
    }
    if (row.retainUntil > this.#options.now() && touched.delete(physical)) {
      this.#unlink(row, counters);
      this.#insert(physical, { ...row, segment: MAIN, position: counters.nextSequence() }, counters);
      return 0;
    }
    this.#remove(physical, row, counters);
    if (segment === SMALL) this.#remember(physical);
    return 1;
  }

  #remember(physical: string): void {
    this.#ghosts.add(physical);
    if (this.#ghosts.size <= GHOSTS) return;
    for (const oldest of this.#ghosts) {
      this.#ghosts.delete(oldest);
      break;
    }
  }

  /** A few steps of an endless walk that drops what is past its retention or was cleared. */
  #sweep(counters: DiskCounters, steps: number): void {
    const { trees, clears, now } = this.#options;
    const start = counters.sweepKey === '' ? {} : { start: counters.sweepKey, exclusiveStart: true };
    const rows = Array.from(trees.index.getRange({ ...start, limit: steps }));
    const time = now();
    for (const { key: physical, value } of rows) {
      counters.sweepKey = physical;
      const row = unpackRow(value);
      if (row === undefined) {
        trees.index.removeSync(physical);
        trees.records.removeSync(physical);
      } else if (row.retainUntil <= time || clears.isDead(physical, row)) {
        this.#remove(physical, row, counters);
      }
    }
    if (rows.length < steps) {
      clears.prune(counters.sweepStartedAt);
      counters.restartSweep();
    }
  }
}
