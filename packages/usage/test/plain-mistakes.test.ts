import { describe, expect, it } from 'vitest';
import { createLedger, createPriceTable, type LedgerOptions } from '../src/index.js';
import { createServerLog } from '../src/log/index.js';
import { createMetrics, type MetricsOptions } from '../src/metrics/index.js';

const price = { inputUsd: 1, outputUsd: 2 };

const wrongPrices: readonly (readonly [unknown, string])[] = [
  [5, 'overrides must be prices by name, got 5'],
  [{ a: null }, 'overrides["a"] expects an object, got null'],
  [{ a: { ...price, cachedUsd: 1 } }, 'overrides["a"] has no option "cachedUsd"; its options are: inputUsd,'],
  [{ a: { ...price, outputUsd: Symbol('x') } }, 'overrides["a"].outputUsd must be a number of US dollars'],
  [{ a: { ...price, longPrompt: price } }, 'overrides["a"].longPrompt.aboveInputTokens must be zero or more'],
];

const wrongLedgers: readonly (readonly [Record<string, unknown>, string])[] = [
  [{ maxRows: 5 }, 'createLedger has no option "maxRows"; its options are: path, prices, clock,'],
  [{ prices: { 'gpt-4o': price } }, 'prices must be a table of createPriceTable, got an object'],
  [{ clock: 5 }, 'clock must be a function, got 5'],
];

const wrongMetrics: readonly (readonly [Record<string, unknown>, string])[] = [
  [{ models: 5 }, 'createMetrics has no option "models"; its options are: prices, inflight,'],
  [{ prices: {} }, 'prices must be a table of createPriceTable, got an object'],
  [{ inflight: 5 }, 'inflight must be a function, got 5'],
  [{ maxModels: Symbol('x') }, 'maxModels must be a whole number of zero or more, got Symbol(x)'],
];

describe('a plain mistake', () => {
  it.each(wrongPrices)('in a price is named: %o', (overrides, message) => {
    expect(() => createPriceTable({ overrides: overrides as never })).toThrow(message);
  });

  it.each(wrongLedgers)('in the options of a ledger is named: %o', (options, message) => {
    expect(() => createLedger({ path: ':memory:', ...options } as LedgerOptions)).toThrow(message);
  });

  it.each(wrongMetrics)('in the options of metrics is named: %o', (options, message) => {
    expect(() => createMetrics(options as MetricsOptions)).toThrow(message);
  });

  it('in the options of a log is named', () => {
    expect(() => createServerLog({ level: 'loud' as never })).toThrow(
      'level must be one of trace, debug, info, warn, error, fatal, silent, got "loud"',
    );
    expect(() => createServerLog({ level: 'info', destination: 'stdout' as never })).toThrow(
      'destination.write must be a function',
    );
    expect(() => createServerLog({ level: 'info', file: 'x' } as never)).toThrow('has no option "file"');
  });
});
