import type { LedgerCall } from '../accounting.js';
import { entryOf } from '../entry-of.js';
import { addCounters, type Counters, countCall, emptyCounters } from './counters.js';
import { namesOf } from './dimensions.js';
import { encodeHistogram } from './histogram-bytes.js';
import { startedAtOf } from './rows.js';
import { dayMs, hourMs, minuteMs, startOf } from './spans.js';

/** Totals for one name of a dimension and one span of time. */
export interface Sum {
  /** Length of the span, ms. */
  readonly span: number;
  /** Number of the dimension. */
  readonly dimension: number;
  /** Start of the span, epoch ms. */
  readonly at: number;
  readonly name: string;
  counters: Counters;
  /** Whether another sum has the same counters. */
  shared: boolean;
}

/** The histograms of counters, in their stored form. */
interface EncodedHistograms {
  readonly latency: Uint8Array;
  readonly firstByte: Uint8Array;
}

/** Calls of one minute that have all their names in common. */
interface Series {
  readonly at: number;
  readonly names: readonly string[];
  readonly counters: Counters;
}

/** Adds up the calls of one transaction: first by series and minute, and from that by each dimension and by longer spans. */
export class Sums {
  private readonly minutes: Map<number, Map<number, Series>> = new Map();
  private readonly encoded: Map<Counters, EncodedHistograms> = new Map();

  /** `series` distinguishes calls that differ in any of their names. */
  add(call: LedgerCall, series: number): void {
    const at = startOf(minuteMs, startedAtOf(call));
    const ofMinute = entryOf(this.minutes, at, () => new Map<number, Series>());
    let known = ofMinute.get(series);
    if (known === undefined) {
      known = { at, names: namesOf(call), counters: emptyCounters() };
      ofMinute.set(series, known);
    }
    countCall(known.counters, call);
  }

  /** All sums of all dimensions and spans. */
  *all(): Generator<Sum> {
    const minutes = new Map<string, Sum>();
    for (const ofMinute of this.minutes.values())
      for (const { at, names, counters } of ofMinute.values())
        for (const [dimension, name] of names.entries())
          put(minutes, minuteMs, dimension, at, name, counters);
    const hours = longer(minutes, hourMs);
    const days = longer(hours, dayMs);
    for (const sums of [minutes, hours, days]) yield* sums.values();
  }

  histograms(counters: Counters): EncodedHistograms {
    let encoded = this.encoded.get(counters);
    if (encoded === undefined) {
      encoded = {
        latency: encodeHistogram(counters.latency),
        firstByte: encodeHistogram(counters.firstByte),
      };
      this.encoded.set(counters, encoded);
    }
    return encoded;
  }
}

function longer(sums: ReadonlyMap<string, Sum>, span: number): Map<string, Sum> {
  const added = new Map<string, Sum>();
  for (const { dimension, at, name, counters } of sums.values())
    put(added, span, dimension, startOf(span, at), name, counters);
  return added;
}

/**
 * Adds counters to a sum. Most calls of a transaction fall into one minute, so the counters of that minute are those of its hour and its
 * day, too: counters are shared, and copied only when there is more to add to them.
 */
function put(
  sums: Map<string, Sum>,
  span: number,
  dimension: number,
  at: number,
  name: string,
  counters: Counters,
): void {
  const id = `${dimension} ${at} ${name}`;
  const sum = sums.get(id);
  if (sum === undefined) {
    sums.set(id, { span, dimension, at, name, counters, shared: true });
    return;
  }
  if (sum.shared) {
    const copy = emptyCounters();
    addCounters(copy, sum.counters);
    sum.counters = copy;
    sum.shared = false;
  }
  addCounters(sum.counters, counters);
}
