import type { LedgerCall } from '../accounting.js';
import { addCounters, type Counters, countCall, emptyCounters } from './counters.js';
import { encodeHistogram } from './histogram-bytes.js';
import { startedAtOf } from './rows.js';
import { dayMs, hourMs, minuteMs, startOf } from './spans.js';

/** What is added up for one series and one span of time. */
export interface Sum {
  /** Length of the span, ms. */
  readonly span: number;
  /** Its start, epoch ms. */
  readonly at: number;
  /** 0: all series together. */
  readonly series: number;
  counters: Counters;
  /** The counters are those of another sum as well. */
  shared: boolean;
}

/** The histograms of counters, as they are stored. */
export interface EncodedHistograms {
  readonly latency: Uint8Array;
  readonly firstByte: Uint8Array;
}

/** Adds up the calls of one transaction, by series and minute, and from these for longer spans and for all series. */
export class Sums {
  private readonly minutes: Map<string, Sum> = new Map();
  private readonly encoded: Map<Counters, EncodedHistograms> = new Map();

  add(call: LedgerCall, series: number): void {
    const at = startOf(minuteMs, startedAtOf(call));
    const name = `${at} ${series}`;
    let sum = this.minutes.get(name);
    if (sum === undefined) {
      sum = { span: minuteMs, at, series, counters: emptyCounters(), shared: false };
      this.minutes.set(name, sum);
    }
    countCall(sum.counters, call);
  }

  /** All sums of all spans. */
  *all(): Generator<Sum> {
    const all = longer(this.minutes, minuteMs, true);
    for (const minutes of [this.minutes, all]) {
      const hours = longer(minutes, hourMs, false);
      const days = longer(hours, dayMs, false);
      for (const sums of [minutes, hours, days]) yield* sums.values();
    }
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

/**
 * The same for a longer span, or for all series together. Most calls of a transaction are of one minute, so that what is counted for it
 * is what is counted for its hour and its day: counters are copied when there is more to be added to them, and not before.
 */
function longer(sums: ReadonlyMap<string, Sum>, span: number, together: boolean): Map<string, Sum> {
  const added = new Map<string, Sum>();
  for (const { at: from, series: own, counters } of sums.values()) {
    const at = startOf(span, from);
    const series = together ? 0 : own;
    const name = `${at} ${series}`;
    const known = added.get(name);
    if (known === undefined) {
      added.set(name, { span, at, series, counters, shared: true });
      continue;
    }
    if (known.shared) {
      const copy = emptyCounters();
      addCounters(copy, known.counters);
      known.counters = copy;
      known.shared = false;
    }
    addCounters(known.counters, counters);
  }
  return added;
}
