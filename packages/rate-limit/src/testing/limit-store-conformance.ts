import assert from 'node:assert/strict';
import type { LimitStep, LimitStore, StepDemand, StepLimits, StepReply } from '../shared/limit-store.js';
import { NOTHING, QUIET } from './quiet-step.js';

/** What the suite needs to know about a kind of store. */
export interface LimitStoreHarness {
  /** A store without any counts. */
  create(): Promise<LimitStore> | LimitStore;
}

/** One behaviour of the contract; `run` rejects with an `AssertionError` if the store violates it. */
export interface StoreConformanceCase {
  readonly name: string;
  run(): Promise<void>;
}

const KEY = 'conformance';

/** Limits so slow that next to nothing refills during the suite, however slow the machine. */
const PER_DAY = 24 * 60;
const SLOW: StepLimits = { adaptive: false, requestsPerMinute: 1 / PER_DAY };

/** One process that takes steps. */
class Talker {
  epoch: string | undefined;
  open = 0;
  readonly #store: LimitStore;
  readonly #process: string;
  readonly #limits: StepLimits;
  #sequence = 0;

  constructor(store: LimitStore, process: string, limits: StepLimits) {
    this.#store = store;
    this.#process = process;
    this.#limits = limits;
  }

  async say(part: Partial<LimitStep>, key: string = KEY): Promise<StepReply> {
    const reply = await this.#store.step(key, {
      ...QUIET,
      process: this.#process,
      sequence: ++this.#sequence,
      ...(this.epoch !== undefined && { epoch: this.epoch }),
      limits: this.#limits,
      open: { ...NOTHING, requests: this.open },
      ...part,
    });
    this.epoch = reply.epoch;
    this.open += reply.granted;
    return reply;
  }

  ask(count: number, inputTokens = 0, ageMs = 0): Promise<StepReply> {
    const demand: StepDemand = [inputTokens, 0, ageMs, 1];
    return this.say({ demands: Array.from({ length: count }, () => demand) });
  }
}

type Check = (process: (limits: StepLimits) => Talker, store: LimitStore) => Promise<void>;

const tokens = (tokensPerMinute: number): StepLimits => ({
  adaptive: false,
  tokensPerMinute,
  algorithm: 'window',
});

const checks: Readonly<Record<string, Check>> = {
  'grants what fits, in order, and says when the next may': async (process) => {
    const reply = await process({ adaptive: false, requestsPerMinute: 60, burstMs: 3000 }).ask(5);
    assert.equal(reply.granted, 3);
    assert.ok(reply.waitMs !== null && reply.waitMs > 0 && reply.waitMs <= 1000, `waitMs ${reply.waitMs}`);
  },
  'counts all processes together, and keys apart': async (process) => {
    assert.equal((await process(SLOW).ask(1)).granted, 1);
    const other = process(SLOW);
    assert.equal((await other.ask(1)).granted, 0);
    assert.equal((await other.say({ demands: [[0, 0, 0, 1]] }, 'another')).granted, 1);
  },
  'counts a window in any algorithm it is asked for': async (process) => {
    const one = process({ adaptive: false, requestsPerMinute: 4, requestsPerDay: 6, algorithm: 'window' });
    const first = await one.ask(5);
    assert.equal(first.granted, 4);
    assert.equal(first.limits.requestsPerMinute?.used, 4);
    assert.equal(first.limits.requestsPerDay?.used, 4);
  },
  'takes all limits or none': async (process) => {
    const limits = { ...tokens(1000), requestsPerMinute: 10 };
    const one = process(limits);
    assert.equal((await one.ask(1, 800)).granted, 1);
    const refused = await one.ask(1, 300);
    assert.equal(refused.granted, 0);
    assert.equal(refused.limits.requestsPerMinute?.used, 1);
  },
  'gives back what was taken at a time, and takes what was used beyond': async (process) => {
    const one = process(tokens(1000));
    const { at } = await one.ask(1, 900);
    assert.equal((await one.say({ settlements: [[at, 0, -500, 0]] })).limits.tokensPerMinute?.used, 400);
    assert.equal((await one.say({ settlements: [[at, 0, 100, 50]] })).limits.tokensPerMinute?.used, 550);
  },
  'believes what each process says it has open, and only that': async (process) => {
    const limits = { adaptive: false, maxConcurrent: 3 };
    const [one, other] = [process(limits), process(limits)];
    await one.ask(2);
    const second = await other.ask(2);
    assert.equal(second.granted, 1);
    assert.equal(second.waitMs, null);
    assert.equal(second.openElsewhere, 2);
    assert.equal(second.processes, 2);
    one.open = 0;
    await one.say({});
    assert.equal((await other.ask(2)).granted, 2);
  },
  'takes leave of a process with all that it had open': async (process) => {
    const limits = { adaptive: false, maxConcurrent: 1 };
    const [one, other] = [process(limits), process(limits)];
    await one.ask(1);
    await one.say({ leaving: true });
    const reply = await other.ask(1);
    assert.equal(reply.granted, 1);
    assert.equal(reply.processes, 1);
  },
  'ignores a step that comes after a later one': async (process) => {
    const one = process({ adaptive: false, maxConcurrent: 5 });
    await one.ask(1);
    const late = await one.say({ sequence: 1, demands: [[0, 0, 0, 1]], closeMs: 60_000 });
    assert.equal(late.granted, 0);
    assert.equal(late.gateMs, 0);
  },
  'closes the gate for all, and never opens it earlier': async (process) => {
    const [one, other] = [process(SLOW), process(SLOW)];
    await one.say({ closeMs: 60_000 });
    await one.say({ closeMs: 10 });
    const reply = await other.ask(1);
    assert.equal(reply.granted, 0);
    assert.ok(reply.gateMs > 30_000 && reply.gateMs <= 60_000, `gateMs ${reply.gateMs}`);
  },
  'teaches all what one was told, until it is told otherwise': async (process) => {
    const [one, other] = [process({ adaptive: false }), process({ adaptive: false })];
    await one.say({
      learned: { requestsPerMinute: { limit: 100 }, tokensPerMinute: { limit: 9000, capacity: 300 } },
    });
    const told = await other.ask(1);
    assert.deepEqual(told.learned, {
      requestsPerMinute: { limit: 100 },
      tokensPerMinute: { limit: 9000, capacity: 300 },
    });
    assert.equal(told.limits.requestsPerMinute?.limit, 100);
    await other.say({ learned: { requestsPerMinute: null, tokensPerMinute: { limit: 500 } } });
    assert.deepEqual((await one.say({})).learned, { tokensPerMinute: { limit: 500 } });
  },
  'holds all to the smallest limit that a process has': async (process) => {
    const [one, other] = [process(tokens(1000)), process(tokens(300))];
    await one.ask(0);
    await other.ask(0);
    assert.equal((await one.say({})).limits.tokensPerMinute?.limit, 300);
  },
  'lets no more be taken than headers say is left': async (process) => {
    const one = process(tokens(1000));
    await one.ask(0);
    const reply = await one.say({ left: { tokensPerMinute: 200 }, demands: [[300, 0, 0, 1]] });
    assert.equal(reply.granted, 0);
  },
  'counts what was taken without it': async (process) => {
    const one = process(tokens(1000));
    await one.ask(0);
    assert.equal((await one.say({ taken: { tokensPerMinute: 700 } })).limits.tokensPerMinute?.used, 700);
  },
  'begins from what a process knows where its own counts are lost': async (process) => {
    const one = process(tokens(1000));
    one.epoch = 'lost';
    const reply = await one.say({ known: { tokensPerMinute: 100 }, demands: [[300, 0, 0, 1]] });
    assert.equal(reply.granted, 0);
    assert.notEqual(reply.epoch, 'lost');
  },
  'lets the older of two processes go first, however large': async (process) => {
    const limits = tokens(1000);
    const [large, small, late] = [process(limits), process(limits), process(limits)];
    await small.ask(1, 500);
    assert.equal((await large.ask(1, 600, 10_000)).granted, 0);
    assert.equal((await small.ask(1, 100)).granted, 0);
    // A caller that came before the large one is not held up by it.
    assert.equal((await late.ask(1, 100, 20_000)).granted, 1);
  },
  'feels the way where nothing is known': async (process) => {
    const one = process({ adaptive: true });
    const first = await one.ask(15);
    assert.equal(first.granted, 10);
    assert.equal(first.window, 10);
    const reply = await one.say({ rateLimited: 1, succeeded: 5 });
    assert.ok(reply.cap > 0, 'a 429 makes a rate');
    assert.deepEqual([reply.ceiling, reply.window], [0, 0]);
  },
  'concludes nothing from a 429 that follows next to no answers, but goes one call at a time': async (
    process,
  ) => {
    const one = process({ adaptive: true });
    await one.ask(1);
    const reply = await one.say({ rateLimited: 1, succeeded: 1 });
    assert.deepEqual([reply.cap, reply.window], [0, 1]);
  },
  'counts against the window only what is undecided, in all processes together': async (process) => {
    const [one, other] = [process({ adaptive: true }), process({ adaptive: true })];
    await one.ask(10);
    await one.say({ undecided: 10 });
    const full = await other.ask(1);
    assert.deepEqual([full.granted, full.waitMs], [0, null]);
    // Seven of them are accepted; all stay open.
    await one.say({ undecided: 3 });
    const reply = await other.ask(15);
    assert.equal(reply.granted, 7);
    assert.equal(reply.openElsewhere, 10);
  },
  'widens the window for calls that were kept for a while, no faster than time goes by': async (process) => {
    const one = process({ adaptive: true });
    assert.equal((await one.say({ kept: 50 })).window, 10);
    const { window } = await one.say({ kept: 50 });
    assert.ok(window > 10 && window < 60, `window ${window}`);
  },
  'fails once it is closed': async (process, store) => {
    await store.close();
    await store.close();
    await assert.rejects(process(SLOW).ask(1));
  },
};

/**
 * The `LimitStore` contract as runnable checks, for any test runner:
 *
 * ```ts
 * for (const { name, run } of limitStoreConformance(harness)) it(name, run);
 * ```
 */
export function limitStoreConformance(harness: LimitStoreHarness): readonly StoreConformanceCase[] {
  return Object.entries(checks).map(([name, check]) => ({
    name,
    run: async () => {
      // A store need not keep the process alive while an answer is due; here somebody waits for it.
      const alive = setInterval(() => undefined, 1000);
      try {
        await using store = await harness.create();
        let processes = 0;
        await check((limits) => new Talker(store, `process-${++processes}`, limits), store);
      } finally {
        clearInterval(alive);
      }
    },
  }));
}
