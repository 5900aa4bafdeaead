import { Answers } from './answers.js';
import type { GetOrSetOptions, Load } from './cache.js';
import type { CacheCore } from './cache-core.js';
import type { MissReason, Resolved } from './cache-types.js';
import { checkDuration } from './check.js';
import { EntryMaker, type MadeEntry } from './entry-maker.js';
import { Flight } from './flight.js';
import { LoadTurn } from './load-turn.js';
import { observeLoad, observeSearch } from './observe.js';
import { Searcher, type SearchResult } from './searcher.js';
import type { Awaitable } from './store.js';

/** What a flight found out, for all who wait for it. */
interface Arrival<V> {
  /** What was there before; undefined if nobody looked. */
  readonly found: SearchResult<V> | undefined;
  /** Absent, like `failure`, if nothing was loaded. */
  readonly loaded?: Resolved<V>;
  readonly failure?: { readonly error: unknown };
}

/** Sequences of memory and tiers from before a load, so that its result cannot overwrite anything newer. */
interface Before {
  readonly memory: number | undefined;
  readonly tiers: readonly (number | undefined)[];
}

const ABSENT: SearchResult<never> = { status: 'miss', reason: 'absent' };

/** Finds or loads values, with one flight per key for all callers. */
export class Loader<V> {
  readonly #core: CacheCore<V>;
  readonly #namespace: string;
  readonly #searcher: Searcher<V>;
  readonly #answers: Answers<V>;
  readonly #maker: EntryMaker<V>;
  readonly #flights: Map<string, Flight<Arrival<V>>> = new Map();
  /** Each with the controller that ends the wait for it. */
  readonly #renewals: Map<Flight<Arrival<V>>, AbortController> = new Map();
  readonly #tagsInFlight: WeakMap<Flight<Arrival<V>>, readonly string[]> = new WeakMap();

  constructor(core: CacheCore<V>, namespace: string) {
    this.#core = core;
    this.#namespace = namespace;
    this.#searcher = new Searcher(core, namespace);
    this.#answers = new Answers(core);
    this.#maker = new EntryMaker(core.options);
  }

  async resolve(key: string, load: Load<V>, options: GetOrSetOptions<V>): Promise<Resolved<V>> {
    for (;;) {
      const underWay = this.#flights.get(key);
      if (underWay !== undefined && options.refresh !== true) {
        const found = this.#serveMeanwhile(key, underWay, options);
        // If there is nothing to wait for, join in this turn: in the next one the other waiters may have left and the load been aborted.
        const served = found instanceof Promise ? await found : found;
        if (served !== undefined) return served;
      }
      const flight =
        underWay ??
        this.#depart(key, options.tags ?? [], (signal, self) =>
          this.#findOrLoad(key, load, options, signal, self),
        );
      const arrival = await flight.join(options.signal);
      const answer = this.#answer(key, arrival, options);
      const resolved = answer instanceof Promise ? await answer : answer;
      // The flight only looked the value up, which is not enough for this caller.
      if (resolved === undefined && arrival.failure === undefined) continue;
      const isShared = underWay !== undefined;
      if (isShared) this.#core.coalesced += 1;
      if (resolved === undefined) throw arrival.failure?.error;
      return isShared && resolved.source === 'loaded' ? { ...resolved, source: 'coalesced' } : resolved;
    }
  }

  /** Writes to memory at once and to every tier. Resolves when all of them are done with it. */
  async write(key: string, made: MadeEntry<V>, before?: Before, gatherMs = 0): Promise<void> {
    const { memory, tiers } = this.#core;
    if (memory !== undefined) {
      this.#core.memorySets += 1;
      memory.put(memory.space(this.#namespace), key, made.memory, before?.memory);
    }
    const { bytes } = made;
    if (bytes === undefined) return;
    const written = tiers.map((tier, index) => {
      const since = before?.tiers[index];
      return tier.set(this.#namespace, key, bytes, since === undefined ? { gatherMs } : { since });
    });
    await (written.length === 1 ? written[0] : Promise.all(written));
  }

  /** Deletes from memory at once and from every tier. Returns whether any of them had the entry. */
  async remove(key: string): Promise<boolean> {
    const { memory, tiers } = this.#core;
    this.#core.memoryDeletes += 1;
    const inMemory = memory?.delete(this.#namespace, key) ?? false;
    const below = await Promise.all(tiers.map((tier) => tier.delete(this.#namespace, key)));
    return inMemory || below.includes(true);
  }

  /** Something newer is known about the key: the load in progress still answers its waiters, but nobody else. */
  supersede(key: string): void {
    const flight = this.#flights.get(key);
    if (flight === undefined) return;
    flight.isCurrent = false;
    this.#flights.delete(key);
  }

  supersedeAll(tag: string | undefined): void {
    for (const [key, flight] of this.#flights) {
      if (tag === undefined || this.#tagsInFlight.get(flight)?.includes(tag)) this.supersede(key);
    }
  }

  abandonRenewals(): void {
    for (const renewal of this.#renewals.values()) renewal.abort();
  }

  #depart(
    key: string,
    tags: readonly string[],
    work: (signal: AbortSignal, flight: Flight<Arrival<V>>) => Promise<Arrival<V>>,
  ): Flight<Arrival<V>> {
    const arrive = (flight: Flight<Arrival<V>>): void => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    const flight: Flight<Arrival<V>> = new Flight(
      async (signal, self) => {
        // Not before the flight is registered: work may end at once.
        await Promise.resolve();
        try {
          return await work(signal, self);
        } finally {
          arrive(self);
        }
      },
      () => arrive(flight),
    );
    this.#flights.set(key, flight);
    if (tags.length > 0) this.#tagsInFlight.set(flight, tags);
    return flight;
  }

  async #findOrLoad(
    key: string,
    load: Load<V>,
    options: GetOrSetOptions<V>,
    signal: AbortSignal,
    flight: Flight<Arrival<V>>,
  ): Promise<Arrival<V>> {
    const found = options.refresh === true ? undefined : await this.#searcher.search(key);
    observeSearch(this.#namespace, key, found ?? ABSENT);
    if (found?.status === 'hit') {
      this.#core.hits += 1;
      return { found };
    }
    if (found !== undefined && this.#answers.acceptsStale(found, options)) {
      this.#renew(key, load, options, found);
      return { found };
    }
    this.#core.countMiss(found ?? ABSENT);
    return this.#tryLoad(key, load, options, signal, flight, found);
  }

  /** Renews a stale entry in the background. */
  #renew(key: string, load: Load<V>, options: GetOrSetOptions<V>, found: SearchResult<V>): void {
    if (this.#core.isClosed) return;
    const flight = this.#depart(key, options.tags ?? [], (signal, self) =>
      this.#tryLoad(key, load, options, signal, self, found),
    );
    const end = new AbortController();
    this.#renewals.set(flight, end);
    // A load that ignores its signal must not hold up closing the cache.
    this.#core.runInBackground(flight.join(end.signal).finally(() => this.#renewals.delete(flight)));
  }

  async #tryLoad(
    key: string,
    load: Load<V>,
    options: GetOrSetOptions<V>,
    signal: AbortSignal,
    flight: Flight<Arrival<V>>,
    found: SearchResult<V> | undefined,
  ): Promise<Arrival<V>> {
    try {
      return { found, loaded: await this.#load(key, load, options, signal, flight, found) };
    } catch (error) {
      return { found, failure: { error } };
    }
  }

  async #load(
    key: string,
    load: Load<V>,
    options: GetOrSetOptions<V>,
    signal: AbortSignal,
    flight: Flight<Arrival<V>>,
    known: SearchResult<V> | undefined,
  ): Promise<Resolved<V>> {
    const turn = options.refresh === true ? undefined : LoadTurn.of(this.#core, this.#namespace, key);
    const found = await turn?.await(() => this.#foundMeanwhile(key), signal);
    if (found !== undefined) return found;
    let made: MadeEntry<V> | undefined;
    let written: Promise<unknown> | undefined;
    let value: V;
    // Nobody is waiting any more: pass the turn on, even if this load ignores its signal and never ends.
    const letGo = (): void => this.#core.runInBackground(turn?.end() ?? Promise.resolve());
    if (turn !== undefined) signal.addEventListener('abort', letGo, { once: true });
    try {
      const before = await this.#before();
      signal.throwIfAborted();
      value = await this.#call(key, load, signal);
      made = this.#make(value, options);
      if (flight.isCurrent && !this.#core.isClosed) {
        if (made !== undefined) written = this.write(key, made, before);
        else if (known?.status !== 'miss' || known.reason !== 'absent') written = this.remove(key);
      }
    } finally {
      signal.removeEventListener('abort', letGo);
      // The next holder must find what was written, or load again.
      this.#core.runInBackground((written ?? Promise.resolve()).then(() => turn?.end()));
    }
    const now = this.#core.options.clock.now();
    const { createdAt, expiresAt } = made?.memory ?? { createdAt: now, expiresAt: now };
    const missReason = reasonOf(known ?? ABSENT);
    return { value, source: 'loaded', createdAt, expiresAt, ageMs: 0, missReason };
  }

  async #call(key: string, load: Load<V>, signal: AbortSignal): Promise<V> {
    this.#core.loads += 1;
    try {
      return await observeLoad(this.#namespace, key, () => load({ signal }));
    } catch (error) {
      this.#core.loadErrors += 1;
      throw error;
    }
  }

  async #before(): Promise<Before> {
    const { memory, tiers } = this.#core;
    return { memory: memory?.sequence(), tiers: await Promise.all(tiers.map((tier) => tier.sequence())) };
  }

  async #foundMeanwhile(key: string): Promise<Resolved<V> | undefined> {
    const found = await this.#searcher.searchAgain(key);
    if (found.status !== 'hit') return undefined;
    this.#core.coalesced += 1;
    return this.#answers.from(found, 'coalesced');
  }

  /** Undefined when the value is not to be stored. */
  #make(value: V, options: GetOrSetOptions<V>): MadeEntry<V> | undefined {
    if (value === undefined) {
      const negativeTtlMs = options.negativeTtlMs ?? 0;
      return negativeTtlMs === 0 ? undefined : this.#maker.makeNegative(value, negativeTtlMs, options);
    }
    const { ttlMs = this.#core.options.ttlMs } = options;
    const lifetime = typeof ttlMs === 'function' ? checkDuration('ttlMs', ttlMs(value)) : ttlMs;
    if (lifetime === 0) return undefined;
    return this.#maker.make(value, lifetime, options, this.#core.tiers.length > 0);
  }

  /** What a flight that has ended means to one of its callers; undefined if nothing, or only the error of the load. */
  #answer(
    key: string,
    { found, loaded, failure }: Arrival<V>,
    options: GetOrSetOptions<V>,
  ): Awaitable<Resolved<V> | undefined> {
    if (loaded !== undefined) return loaded;
    if (options.refresh === true) return undefined;
    if (failure !== undefined) return this.#answerFailure(key, found, options, failure.error);
    if (found?.status === 'hit') return this.#answers.from(found, 'hit');
    return found && this.#answers.serve(found, options);
  }

  async #answerFailure(
    key: string,
    found: SearchResult<V> | undefined,
    options: GetOrSetOptions<V>,
    error: unknown,
  ): Promise<Resolved<V> | undefined> {
    // A refresh does not look for what is there, but others may still be content with it.
    const known = found ?? (await this.#searcher.search(key));
    return this.#answers.serve(known, options) ?? this.#answers.fallBack(known, options, error);
  }

  /** While a load is in progress: a value for a caller that need not wait for it. */
  #serveMeanwhile(
    key: string,
    underWay: Flight<Arrival<V>>,
    options: GetOrSetOptions<V>,
  ): Awaitable<Resolved<V> | undefined> {
    const served = this.#answers.serve(this.#searcher.searchMemory(key), options);
    if (served !== undefined || !this.#renewals.has(underWay) || this.#core.tiers.length === 0) return served;
    return this.#serveFromBelow(key, options);
  }

  /** The entry being renewed may be only in a tier below memory, for example after a restart. */
  async #serveFromBelow(key: string, options: GetOrSetOptions<V>): Promise<Resolved<V> | undefined> {
    return this.#answers.serve(await this.#searcher.searchAgain(key), options);
  }
}

function reasonOf(found: SearchResult<unknown>): MissReason {
  return found.status === 'miss' ? found.reason : 'expired';
}
