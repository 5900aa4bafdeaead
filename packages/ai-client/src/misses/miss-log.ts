import type { FlightPlan } from '../steps/plan.js';
import type { Target } from '../steps/target.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import { fieldsOf } from './asked.js';
import { AskedIndex } from './asked-index.js';
import { compareAsked } from './compare-asked.js';
import type { Miss, MissCause, MissDifference, MissReport } from './miss.js';
import { printOf, type ReadPrint, readPrint } from './print.js';

/** A call that is about to ask a provider. */
export interface NotedMiss {
  readonly target: Target;
  readonly adapter: SurfaceAdapter;
  readonly plan: FlightPlan;
  /** There was an answer that has outlived its time, or is older than the call allows. */
  readonly isExpired: boolean;
}

interface Waiting extends NotedMiss {
  /** Its answer is in the cache. */
  isStored: boolean;
  /** Epoch, ms. */
  readonly at: number;
}

interface Near {
  readonly nearest?: string;
  readonly differences?: readonly MissDifference[];
}

/** Misses that are told. */
const maxTold = 1000;
/** Misses that wait to be looked at; what comes beyond is passed over. */
const maxWaiting = 32;
/** Of a larger request only the cause is told, bytes. */
const maxBody = 64 * 1024;
/** Requests that share the most fields are compared with a miss. */
const maxCompared = 6;
/** Keys of them that are named where an answer is looked for: not all of them have one. */
const maxLikely = 16;
/** One that differs in more fields is another question; other words weigh as much as two fields. */
const maxDistance = 3;
/** After a miss is noted it is looked at this much later, ms: not while its request is being sent. */
const leastRestMs = 50;
/** And then at least so many times as long as it took is left to others: a hundredth of the time at most. */
const restFactor = 100;
/** A look at several of them ends after this time, ms: meanwhile no call is served. */
const longestLookMs = 2;
/** Who asks for a report waits for no more than requests of so many bytes to be looked at. */
const maxLookBytes = 256 * 1024;

/**
 * Why calls missed. On the way of a call only the call is noted; what it differs in is found out later, in less than a hundredth of the
 * time, from hashes that are kept of the requests before it. Never keeps what a request says.
 */
export class MissLog {
  readonly #index: AskedIndex = new AskedIndex();
  #told: Miss[] = [];
  #waiting: Waiting[] = [];
  /** The last of them for each key. */
  readonly #waitingByKey: Map<string, Waiting> = new Map();
  #passedOver = 0;
  #timer: NodeJS.Timeout | undefined;
  #restMs = leastRestMs;

  /** On the way of a call: keeps a reference and sets a timer, no more. */
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

  /** The answer of a key is in the cache. */
  stored(key: string): void {
    const kept = this.#waitingByKey.get(key) ?? this.#index.find(key);
    if (kept !== undefined) kept.isStored = true;
  }

  /** Keys of the requests of late that are nearest to one that was not noted, the nearest first. */
  readonly likely = (target: Target, adapter: SurfaceAdapter): string[] => {
    if (target.key === undefined) return [];
    this.#lookAtSome();
    const tree = readPrint(printOf(target, adapter))?.tree;
    return tree === undefined ? [] : this.#keysNear(fieldsOf(tree), target.key);
  };

  /** The same for one that was. */
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

  /** For who asks now: most often all of them. */
  #lookAtSome(): void {
    for (let bytes = 0; bytes < maxLookBytes && this.#waiting.length > 0; ) bytes += this.#lookAtNext();
  }

  /** Returns the bytes of the request that was looked at. */
  #lookAtNext(): number {
    const next = this.#waiting.shift();
    if (next === undefined) return 0;
    const { key } = next.target;
    if (key !== undefined && this.#waitingByKey.get(key) === next) this.#waitingByKey.delete(key);
    try {
      this.#told.push(this.#explain(next));
    } catch {
      // A diagnosis that fails must not take the process with it: nobody waits for it.
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
    // Also of one that is no riddle: those behind it may differ from it.
    const near = before === undefined ? this.#enter(noted, key) : {};
    if (before !== undefined) before.isStored = isStored;
    if (!plan.read) return { cause: 'refresh' };
    if (!plan.store || plan.ttlMs === 0) return { cause: 'no-store' };
    if (isExpired) return { cause: 'expired' };
    if (before !== undefined) return { cause: wasStored ? 'evicted' : 'not kept' };
    return near.differences === undefined ? { cause: 'new' } : { cause: 'near', ...near };
  }

  /** Looks for the nearest one of the requests before, and keeps this one for those behind it. */
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
