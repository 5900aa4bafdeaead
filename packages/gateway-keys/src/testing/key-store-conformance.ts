import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { GatewayKey } from '../gateway-key.js';
import type { BudgetReply, BudgetStep, KeyStore, StoredKey } from '../key-store.js';
import { createSecret, digestOf } from '../secret.js';

/** What the suite needs to know about a kind of store. */
export interface KeyStoreHarness {
  /** Creates an empty place; each store that the returned function opens acts as another process with the same place. */
  create(): Promise<() => KeyStore> | (() => KeyStore);
}

/** One behaviour of the contract; `run` rejects with an `AssertionError` if the store violates it. */
export interface KeyStoreCase {
  readonly name: string;
  run(): Promise<void>;
}

const period = '2026-11';
const start = 1_800_000_000_000;

function newKey(id: string, more: Partial<GatewayKey> = {}): StoredKey {
  const key = {
    id,
    name: id,
    role: 'gateway',
    tenant: 'a',
    models: ['*'],
    createdAt: start,
    ...more,
  } as const;
  return { key, digest: digestOf(createSecret()) };
}

const ids = (keys: readonly StoredKey[] = []): string[] => keys.map(({ key }) => key.id).sort();

/** One process that spends from the budget of one key. */
class Spender {
  readonly owner = randomUUID();
  held = 0;
  known = 0;
  #sequence = 0;
  readonly #store: KeyStore;
  readonly #limit: number;

  constructor(store: KeyStore, limit: number) {
    this.#store = store;
    this.#limit = limit;
  }

  step(part: Partial<BudgetStep>): BudgetStep {
    this.#sequence += 1;
    return {
      key: 'k',
      period,
      limit: this.#limit,
      sequence: start + this.#sequence,
      spent: 0,
      held: this.held,
      known: this.known,
      needed: 0,
      wanted: part.needed ?? 0,
      ...part,
    };
  }

  async say(part: Partial<BudgetStep>): Promise<BudgetReply> {
    const step = this.step(part);
    const [reply] = await this.#store.budget(this.owner, [step]);
    assert.ok(reply !== undefined, 'a step has an answer');
    this.held = step.held + reply.granted;
    this.known = reply.spentUsd;
    return reply;
  }
}

function near(actual: number, expected: number, what: string): void {
  assert.ok(Math.abs(actual - expected) < 1e-9, `${what}: ${actual} is not ${expected}`);
}

/** Cases that every `KeyStore` must pass, for any test runner. */
export function keyStoreConformance({ create }: KeyStoreHarness): readonly KeyStoreCase[] {
  const cases: KeyStoreCase[] = [];

  function add(name: string, run: (open: () => KeyStore) => Promise<void>): void {
    cases.push({
      name,
      run: async () => {
        const openPlace = await create();
        const opened: KeyStore[] = [];
        try {
          await run(() => {
            const store = openPlace();
            opened.push(store);
            return store;
          });
        } finally {
          for (const store of opened) await store.close();
        }
      },
    });
  }

  add('gives all keys to who knows none, and then what is new alone', async (open) => {
    const [one, other] = [open(), open()];
    const empty = await other.changes();
    assert.deepEqual(empty?.keys ?? [], []);
    const first = newKey('1', { models: ['a', 'b*'], budget: { usd: 1, per: 'day', unpriced: 'refuse' } });
    await one.put([first, newKey('2')]);
    const all = await other.changes(empty?.version);
    assert.deepEqual(ids(all?.keys), ['1', '2']);
    const found = all?.keys.find(({ key }) => key.id === '1');
    assert.deepEqual(found?.key, first.key);
    assert.ok(found !== undefined && Buffer.from(found.digest).equals(first.digest), 'the digest is whole');
    assert.equal(await other.changes(all?.version), undefined);
    await one.put([newKey('3')]);
    const late = await other.changes(all?.version);
    assert.deepEqual(ids(late?.keys), ['3']);
    assert.equal(late?.isWhole, false);
    assert.deepEqual(ids((await other.changes())?.keys), ['1', '2', '3']);
  });

  add('tells its own changes as well', async (open) => {
    const store = open();
    await store.put([newKey('1')]);
    const all = await store.changes();
    await store.put([newKey('2')]);
    assert.deepEqual(ids((await store.changes(all?.version))?.keys), ['2']);
  });

  add('revokes once, for ever, and tells everybody', async (open) => {
    const [one, other] = [open(), open()];
    const stored = newKey('1');
    await one.put([stored]);
    const seen = await other.changes();
    await one.put([{ ...stored, key: { ...stored.key, revokedAt: 5 } }]);
    await one.put([{ ...stored, key: { ...stored.key, revokedAt: 9 } }]);
    await one.put([stored]);
    const changed = await other.changes(seen?.version);
    assert.equal(changed?.keys[0]?.key.revokedAt, 5);
  });

  add('leaves a key as it is that comes again', async (open) => {
    const store = open();
    const stored = newKey('1');
    await store.put([stored]);
    await store.put([{ ...stored, key: { ...stored.key, name: 'another' } }]);
    assert.deepEqual(
      (await store.changes())?.keys.map(({ key }) => key.name),
      ['1'],
    );
  });

  add('keeps the latest use', async (open) => {
    const [one, other] = [open(), open()];
    await one.put([newKey('1')]);
    await one.touch([{ id: '1', at: 20 }]);
    await other.touch([{ id: '1', at: 10 }]);
    assert.equal((await other.changes())?.keys[0]?.lastUsedAt, 20);
  });

  add('sets aside no more than there is, for all', async (open) => {
    const [one, other] = [new Spender(open(), 1), new Spender(open(), 1)];
    assert.ok((await one.say({ needed: 0.6, wanted: 0.6 })).granted >= 0.6);
    assert.equal((await other.say({ needed: 0.5 })).granted, 0);
    const { granted } = await other.say({ needed: 0.3, wanted: 100 });
    assert.ok(granted >= 0.3 && granted <= 0.4 + 1e-9, `granted ${granted}`);
    assert.ok(one.held + other.held <= 1 + 1e-9);
  });

  add('never lets many cross it together, whatever they spend and give back', async (open) => {
    const spenders = Array.from({ length: 4 }, () => new Spender(open(), 1));
    let spent = 0;
    for (let round = 0; round < 25; round++) {
      await Promise.all(
        spenders.map(async (spender, index) => {
          const { granted } = await spender.say({ needed: 0.02 + index / 100, wanted: 0.1 });
          const cost = granted / 2;
          spent += cost;
          await spender.say({ spent: cost, held: round % 3 === 0 ? 0 : spender.held - cost });
        }),
      );
      const held = spenders.reduce((sum, spender) => sum + spender.held, 0);
      assert.ok(spent + held <= 1 + 1e-9, `${spent} and ${held} are more than 1`);
    }
    for (const spender of spenders) await spender.say({ held: 0 });
    const total = await open().spending('k', period);
    near(total.spentUsd, spent, 'spent');
    near(total.heldUsd, 0, 'held');
  });

  add('keeps what a process holds that says no more', async (open) => {
    const [gone, other] = [new Spender(open(), 1), new Spender(open(), 1)];
    const { granted } = await gone.say({ needed: 0.7 });
    assert.equal((await other.say({ needed: 0.31 })).granted, 0);
    near((await open().spending('k', period)).heldUsd, granted, 'held');
  });

  add('forgets who leaves and holds nothing, and nobody else', async (open) => {
    const store = open();
    const spender = new Spender(store, 1);
    await spender.say({ needed: 0.5 });
    await store.leave(spender.owner, [{ key: 'k', period }]);
    near((await store.spending('k', period)).heldUsd, 0.5, 'held');
    await spender.say({ spent: 0.2, held: 0 });
    await store.leave(spender.owner, [{ key: 'k', period }]);
    const { spentUsd, heldUsd } = await store.spending('k', period);
    near(spentUsd, 0.2, 'spent');
    near(heldUsd, 0, 'held');
  });

  add('keeps periods and keys apart', async (open) => {
    const store = open();
    const spender = new Spender(store, 1);
    await spender.say({ needed: 1 });
    spender.held = 0;
    assert.ok((await spender.say({ period: '2026-12', needed: 1 })).granted >= 1);
    spender.held = 0;
    assert.ok((await spender.say({ key: 'another', needed: 1 })).granted >= 1);
    spender.held = 0;
    // What was set aside in the previous month is booked there.
    await spender.say({ spent: 0.4, held: 0, known: 0 });
    near((await store.spending('k', period)).spentUsd, 0.4, 'spent');
    near((await store.spending('k', '2026-12')).heldUsd, 1, 'held in the next');
  });

  return cases;
}
