import type { CacheOutcome } from '@ai-toolkit/ai-client';
import { describe, expect, it } from 'vitest';
import { account, billedUsd, createPriceTable } from '../src/index.js';
import { sampleCall } from './sample-call.js';

const prices = createPriceTable();
const none = { input: 0, output: 0 };
const million = { input: 1_000_000, output: 1_000_000 };

describe('account', () => {
  it.each<[CacheOutcome, object]>([
    ['miss', { billed: million, replayed: none, saved: none, billedUsd: 0.75, savedUsd: 0 }],
    ['refresh', { billed: million, replayed: none, saved: none, billedUsd: 0.75, savedUsd: 0 }],
    ['bypass', { billed: million, replayed: none, saved: none, billedUsd: 0.75, savedUsd: 0 }],
    ['hit', { billed: none, replayed: million, saved: million, billedUsd: 0, savedUsd: 0.75 }],
    ['stale', { billed: none, replayed: million, saved: million, billedUsd: 0, savedUsd: 0.75 }],
    ['semantic', { billed: none, replayed: million, saved: million, billedUsd: 0, savedUsd: 0.75 }],
    ['coalesced', { billed: none, replayed: none, saved: million, billedUsd: 0, savedUsd: 0.75 }],
  ])('puts a %s on its ledgers', (cache, expected) => {
    expect(account(sampleCall({ cache }), prices)).toMatchObject(expected);
  });

  it.each<CacheOutcome>(['miss', 'hit', 'coalesced', 'bypass'])(
    'prices a %s before its record is there as with it',
    (cache) => {
      for (const call of [
        sampleCall({ cache }),
        sampleCall({ cache, status: 'error', httpStatus: 400 }),
        sampleCall({ cache, model: 'nobody-knows' }),
      ])
        expect(billedUsd(call, call.usage, prices)).toBe(account(call, prices).billedUsd);
    },
  );

  it('puts each part of an answer that was put together on its own ledger', () => {
    const usage = { inputTokens: 1_000_000, outputTokens: 0 };
    const call = sampleCall({
      usage: { inputTokens: 3_000_000, outputTokens: 0 },
      parts: [
        { cache: 'miss', usage },
        { cache: 'coalesced', usage },
        { cache: 'hit', usage },
      ],
    });
    const accounts = account(call, prices);
    expect(accounts).toMatchObject({
      billed: { input: 1_000_000 },
      replayed: { input: 1_000_000 },
      saved: { input: 2_000_000 },
      billedUsd: 0.15,
      savedUsd: 0.3,
    });
    expect(accounts).not.toHaveProperty('parts');
    const unknown = account({ ...call, parts: [{ cache: 'miss', usage }, { cache: 'hit' }] }, prices);
    expect(unknown).toMatchObject({ billedUsd: 0.15, savedUsd: null, replayed: none });
  });

  it('knows no price of an unknown model, neither billed nor saved', () => {
    const model = 'made-up';
    expect(account(sampleCall({ model }), prices)).toMatchObject({ billedUsd: null, savedUsd: 0 });
    expect(account(sampleCall({ model, cache: 'hit' }), prices)).toMatchObject({
      billedUsd: 0,
      savedUsd: null,
    });
  });

  it.each([Number.NaN, Infinity])('takes a price of %d for an unknown one', (usd) => {
    const wrong = { ...prices, price: () => ({ known: true, usd }) as const };
    expect(account(sampleCall(), wrong)).toMatchObject({ billedUsd: null, savedUsd: 0 });
  });

  it('does not take an answer without a count for a free one', () => {
    const { usage: _usage, ...call } = sampleCall({ status: 'aborted' });
    expect(account(call, prices).billedUsd).toBeNull();
    expect(account({ ...call, provider: 'simulator' }, prices).billedUsd).toBe(0);
  });

  it('knows that a refused call and one that reached nobody cost nothing', () => {
    const { usage: _usage, ...call } = sampleCall({ status: 'error' });
    expect(account({ ...call, httpStatus: 429 }, prices).billedUsd).toBe(0);
    expect(account({ ...call, attempts: 0 }, prices).billedUsd).toBe(0);
    expect(account({ ...call, httpStatus: 200 }, prices).billedUsd).toBeNull();
  });

  it.each(['error', 'aborted'] as const)(
    'charges nothing for a call that was not sent, ended by %s',
    (status) => {
      const { usage: _usage, ...call } = sampleCall({ status });
      expect(account({ ...call, attempts: 0 }, prices).billedUsd).toBe(0);
      expect(account({ ...call, attempts: 3, unsent: true }, prices).billedUsd).toBe(0);
      expect(account({ ...call, attempts: 3 }, prices).billedUsd).toBeNull();
      // What another call's answer would have cost is not known any better by that.
      expect(
        account({ ...call, cache: 'coalesced', status: 'aborted', attempts: 0 }, prices).savedUsd,
      ).toBeNull();
    },
  );

  it('counts the time that a replay was sooner, and none on a miss', () => {
    expect(account(sampleCall({ cache: 'hit', durationMs: 2, upstreamMs: 900 }), prices).timeSavedMs).toBe(
      898,
    );
    expect(account(sampleCall({ cache: 'hit', durationMs: 950, upstreamMs: 900 }), prices).timeSavedMs).toBe(
      0,
    );
    expect(account(sampleCall({ cache: 'miss', durationMs: 2, upstreamMs: 900 }), prices).timeSavedMs).toBe(
      0,
    );
  });

  it('bounds counts that no provider should report', () => {
    const usage = { inputTokens: Number.NaN, outputTokens: 1e300, cachedInputTokens: -5 };
    expect(account(sampleCall({ usage }), prices)).toMatchObject({
      billed: { input: 0, output: 1e12 },
      usage: { inputTokens: 0, outputTokens: 1e12, cachedInputTokens: 0 },
    });
  });
});
