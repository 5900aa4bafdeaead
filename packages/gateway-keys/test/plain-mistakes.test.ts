import { createLimiter } from '@ai-toolkit/rate-limit';
import { describe, expect, it } from 'vitest';
import { type CreateKeyOptions, createKeyring, KeyGate, type KeyringOptions } from '../src/index.js';
import { createScratch } from './support/scratch.js';

const wrongKeys: readonly (readonly [unknown, string])[] = [
  [undefined, 'create expects an object, got undefined'],
  [{ name: 'x', rpm: 5 }, 'create has no option "rpm"; its options are: name, role, tenant,'],
  [{ name: 5n }, 'name must be 1 to 100 characters, got 5'],
  [{ name: 'x', models: 'gpt-4o' }, 'models must be an array of names, got "gpt-4o"'],
  [{ name: 'x', models: [5n] }, 'models must be names of 1 to 200 characters, got 5'],
  [{ name: 'x', budget: null }, 'budget expects an object, got null'],
  [
    { name: 'x', budget: { usd: 1, period: 'day' } },
    'budget has no option "period"; its options are: usd, per,',
  ],
];

const wrongKeyrings: readonly (readonly [Record<string, unknown>, string])[] = [
  [{ file: 'k' }, 'createKeyring has no option "file"; its options are: path, shared, clock, lookEveryMs'],
  [{ path: 5n }, 'path must be the path of a file, got 5'],
  [{ lookEveryMs: '5' }, 'lookEveryMs must be a number, got "5"'],
  [{ clock: 5 }, 'clock must be a function, got 5'],
  [{ shared: { url: 'redis://h' } }, 'shared must have the method changes, got an object'],
];

describe('a plain mistake', () => {
  it.each(wrongKeyrings)('in the options of a keyring is named: %o', (options, message) => {
    expect(() => createKeyring({ path: 'keys.sqlite', ...options } as KeyringOptions)).toThrow(message);
  });

  it.each(wrongKeys)('in the options of a key is named: %o', async (options, message) => {
    await using scratch = await createScratch();
    await using keyring = createKeyring({ path: scratch.path });
    await expect(keyring.create(options as CreateKeyOptions)).rejects.toThrow(message);
  });

  it('in the options of a gate is named', async () => {
    await using scratch = await createScratch();
    await using keyring = createKeyring({ path: scratch.path });
    const limiter = createLimiter();
    const of = (options: object) => () => new KeyGate({ keyring, limiter, ...options });
    expect(of({ waitMs: 5 })).toThrow(
      'KeyGate has no option "waitMs"; its options are: keyring, limiter, queueMs, clock',
    );
    expect(of({ limiter: {} })).toThrow('limiter must have the method tryAcquire, got an object');
    expect(of({ keyring: undefined })).toThrow('keyring.budgets must have the method reserve, got undefined');
    expect(of({ queueMs: Number.NaN })).toThrow('queueMs must be 0 or more, got NaN');
  });

  it('for a secret is no secret', async () => {
    await using scratch = await createScratch();
    await using keyring = createKeyring({ path: scratch.path });
    await keyring.create({ name: 'x' });
    for (const nothing of [undefined, null, 5, {}, ['ait-']])
      expect(keyring.verify(nothing as never)).toBeUndefined();
  });
});

describe('a cost that is none', () => {
  it.each([Number.NaN, -5, Number.POSITIVE_INFINITY, '0.1'])(
    'of %s is named, spends what was set aside, and harms no other request',
    async (usd) => {
      await using scratch = await createScratch();
      await using keyring = createKeyring({ path: scratch.path });
      const { key } = await keyring.create({ name: 'x', tokensPerMinute: 1_000_000, budget: { usd: 1 } });
      const gate = new KeyGate({ keyring, limiter: createLimiter({ adaptive: false }) });
      await gate.admit(key, 'a', () => 0.25);
      expect(() => gate.settle('a', { usd: usd as number })).toThrow('what a request cost must be 0 or more');
      await gate.admit(key, 'b', () => 0.25);
      expect(() => gate.settle('b', { usd: 0.125, inputTokens: -1 })).toThrow(
        'inputTokens must be 0 or more',
      );
      await gate.admit(key, 'c', () => 0.5);
      gate.settle('c', { usd: 0 });
      expect((await keyring.budgets.spendingOf(key)).spentUsd).toBeCloseTo(0.375);
    },
  );

  it('that a request could have is named, and it is not let in', async () => {
    await using scratch = await createScratch();
    await using keyring = createKeyring({ path: scratch.path });
    const { key } = await keyring.create({ name: 'x', budget: { usd: 1 } });
    const gate = new KeyGate({ keyring, limiter: createLimiter({ adaptive: false }) });
    for (const usd of [Number.NaN, -5, '0.1'])
      expect(() => gate.admit(key, 'a', () => usd as number)).toThrow(
        'what a request could cost must be 0 or more',
      );
    expect(gate.holds('a')).toBe(false);
    await gate.admit(key, 'a', () => 0.25);
    gate.settle('a', { usd: 0.25 });
    expect((await keyring.budgets.spendingOf(key)).spentUsd).toBeCloseTo(0.25);
  });

  it('comes of no two requests of one id', async () => {
    await using scratch = await createScratch();
    await using keyring = createKeyring({ path: scratch.path });
    const { key } = await keyring.create({ name: 'x', requestsPerMinute: 9, budget: { usd: 1 } });
    const gate = new KeyGate({ keyring, limiter: createLimiter({ adaptive: false }) });
    await gate.admit(key, 'a', () => 0.25);
    expect(() => gate.admit(key, 'a', () => 0.25)).toThrow(
      'requestId is that of a request that has not ended: "a"',
    );
    gate.settle('a', { usd: 0 });
    await gate.admit(key, 'a', () => 1);
  });
});
