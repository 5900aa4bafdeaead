import type { FlightPlan } from '../steps/plan.js';
import type { Target } from '../steps/target.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import { fieldsOf } from './asked.js';
import { AskedIndex } from './asked-index.js';
import { compareAsked } from './compare-asked.js';
import type { Miss, MissCause, MissDifference, MissReport } from './miss.js';
import { printOf, type ReadPrint, readPrint } from './print.js';

/** A call about to ask a provider. */
export interface NotedMiss {
  readonly target: Target;
  readonly adapter: SurfaceAdapter;
  readonly plan: FlightPlan;
  /** Whether there was an answer that has expired or is older than the call allows. */
  readonly isExpired: boolean;
}

interface Waiting extends NotedMiss {
  /** Whether its answer has been stored. */
  isStored: boolean;
  /** Epoch, ms. */
  readonly at: number;
}

interface Near {
  readonly nearest?: string;
  readonly differences?: readonly MissDifference[];
}

/** Misses kept for the report. */
const maxTold = 1000;
/** Misses that may wait for analysis; any beyond are skipped. */
const maxWaiting = 32;
/** Larger requests are skipped, bytes. */
const maxBody = 64 * 1024;
/** Requests with the most fields in common that are compared with a miss. */
const maxCompared = 6;
/** Keys offered to a search for a stored answer, since not all of them have one. */
const maxLikely = 16;
/** A request that differs in more fields is a different question; a text difference counts as two fields. */
const maxDistance = 3;
/** Delay before a noted miss is analysed, ms, so as not to compete with sending its request. */
const leastRestMs = 50;
/** Minimum pause as a multiple of the time spent, which limits analysis to 1 % of the time. */
const restFactor = 100;
/** A batch of analyses ends after this time, ms, since it blocks the event loop. */
const longestLookMs = 2;
/** A report waits for the analysis of at most this many bytes of requests. */
const maxLookBytes = 256 * 1024;

/**
 * Finds out why calls missed. On the hot path, a call is merely noted; the fields in which it differs are determined later, in less than 1
 * % of the time, from hashes of earlier requests. Never keeps the content of a request.
 */
export class MissLog {
  readonly #index: AskedIndex = new AskedIndex();
  #told: Miss[] = [];
  #waiting: Waiting[] = [];
  /** The latest waiting miss of each key. */
  readonly #waitingByKey: Map<string, Waiting> = new Map();
  #passedOver = 0;
  #timer: NodeJS.Timeout | undefined;
  #restMs = leastRestMs;

  /** Notes a miss. On the hot path: keeps a reference and sets a timer, no more. */
  note(miss: NotedMiss): void {
    if (this.#waiting.length >= maxWaiting || miss.plan.body.length > maxBody) {
      this.#passedOver += 1;
      return;
    }
    const waiting = { ...miss, at: Date.now(), isStored: false };
    this.#waiting.push(waiting);
    const { key } = miss.target;
    if (key !== undefined) this.#waitingByKey.set(key, waiting);
    this.#wakeLater();
  }

  /** Notes that the answer of a key was stored. */
  stored(key: string): void {
    const kept = this.#waitingByKey.get(key) ?? this.#index.find(key);
    if (kept !== undefined) kept.isStored = true;
  }

  /** Keys of the recent requests nearest to one that was not noted, the nearest first. */
  readonly likely = (target: Target, adapter: SurfaceAdapter): string[] => {
    if (target.key === undefined) return [];
    this.#lookAtSome();
    const tree = readPrint(printOf(target, adapter))?.tree;
    return tree === undefined ? [] : this.#keysNear(fieldsOf(tree), target.key);
  };

  /** The same for a request that was noted. */
  likelyOf(key: string): string[] {
    this.#lookAtSome();
    const asked = this.#index.find(key);
    return asked === undefined ? [] : this.#keysNear(asked.fields, key);
  }

  #keysNear(fields: Uint32Array, key: string): string[] {
    return this.#index.near(fields, key, maxLikely).map((asked) => asked.key);
  }

  report(): MissReport {
    this.#lookAtSome();
    return {
      enabled: true,
      misses: this.#told.slice(-maxTold).reverse(),
      waiting: this.#waiting.length,
      passedOver: this.#passedOver,
    };
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#waiting = [];
    this.#waitingByKey.clear();
    this.#index.clear();
  }

  #look(): void {
    this.#timer = undefined;
    const began = performance.now();
    do this.#lookAtNext();
    while (this.#waiting.length > 0 && performance.now() - began < longestLookMs);
    this.#restMs = Math.max(leastRestMs, restFactor * (performance.now() - began));
    if (this.#waiting.length > 0) this.#wakeLater();
  }

  /** Analyses waiting misses for a caller who needs the result now: usually all of them. */
  #lookAtSome(): void {
    for (let bytes = 0; bytes < maxLookBytes && this.#waiting.length > 0; ) bytes += this.#lookAtNext();
  }

  /** Analyses the next miss; returns the size of its request, bytes. */
  #lookAtNext(): number {
    const next = this.#waiting.shift();
    if (next === undefined) return 0;
    const { key } = next.target;
    if (key !== undefined && this.#waitingByKey.get(key) === next) this.#waitingByKey.delete(key);
    try {
      this.#told.push(this.#explain(next));
    } catch {
      // A failing diagnosis must not crash the process: nobody waits for it.
      this.#passedOver += 1;
    }
    if (this.#told.length > 2 * maxTold) this.#told = this.#told.slice(-maxTold);
    return next.plan.body.length;
  }

  #wakeLater(): void {
    this.#timer ??= setTimeout(() => this.#look(), this.#restMs).unref();
  }

  #explain(noted: Waiting): Miss {
    const { at, target, adapter, plan } = noted;
    const { key, bypassReason, model, scope } = target;
    const facts = {
      at,
      requestId: plan.requestId,
      surface: adapter.surface,
      provider: scope.provider,
      model,
      tenant: plan.tenant,
    };
    if (key === undefined)
      return { ...facts, cause: 'bypass', ...(bypassReason === undefined ? {} : { reason: bypassReason }) };
    return { ...facts, key, ...this.#causeOf(noted, key) };
  }

  #causeOf(noted: Waiting, key: string): Near & { readonly cause: MissCause } {
    const { plan, isExpired, isStored } = noted;
    const before = this.#index.find(key);
    const wasStored = before?.isStored === true;
    // Indexed whatever its cause, since later requests may differ from it.
    const near = before === undefined ? this.#enter(noted, key) : {};
    if (before !== undefined) before.isStored = isStored;
    if (!plan.read) return { cause: 'refresh' };
    if (!plan.store || plan.ttlMs === 0) return { cause: 'no-store' };
    if (isExpired) return { cause: 'expired' };
    if (before !== undefined) return { cause: wasStored ? 'evicted' : 'not kept' };
    return near.differences === undefined ? { cause: 'new' } : { cause: 'near', ...near };
  }

  /** Looks for the nearest earlier request, and adds this one to the index. */
  #enter({ target, adapter, isStored }: Waiting, key: string): Near {
    const print = printOf(target, adapter);
    const here = readPrint(print);
    if (here === undefined) return {};
    const fields = fieldsOf(here.tree);
    const near = this.#nearest(here, fields, key);
    this.#index.add({ ...print, key, fields, isStored });
    return near;
  }

  #nearest(here: ReadPrint, fields: Uint32Array, key: string): Near {
    let best: Near = {};
    let nearest = maxDistance + 1;
    for (const asked of this.#index.near(fields, key, maxCompared)) {
      const there = readPrint(asked);
      const differences = there && compareAsked(here, there);
      if (differences === undefined || distanceOf(differences) >= nearest) continue;
      nearest = distanceOf(differences);
      best = { nearest: asked.key, differences };
    }
    return best;
  }
}

function distanceOf(differences: readonly MissDifference[]): number {
  return differences.length + differences.filter((difference) => difference.class === 'text').length;
}
