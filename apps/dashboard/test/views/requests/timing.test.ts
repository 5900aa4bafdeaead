import { describe, expect, it } from 'vitest';
import type { CallTimings } from '../../../src/api/usage.js';
import { timingParts } from '../../../src/views/requests/timing.js';

const nothing: CallTimings = {
  queuedMs: null,
  providerWaitMs: null,
  overheadMs: null,
  deliveryMs: null,
  firstByteMs: null,
  totalMs: 100,
};

describe('the parts of the time of a call', () => {
  it('make all of it', () => {
    const parts = timingParts({
      queuedMs: 10,
      providerWaitMs: 50,
      overheadMs: 5,
      deliveryMs: 35,
      firstByteMs: 65,
      totalMs: 100,
    });
    expect(parts.map(({ name, ms }) => [name, ms])).toEqual([
      ['queued', 10],
      ['own', 5],
      ['provider', 50],
      ['delivery', 35],
    ]);
  });

  it('have a rest where something was not measured', () => {
    expect(timingParts(nothing).map(({ name, ms }) => [name, ms])).toEqual([['rest', 100]]);
    expect(timingParts({ ...nothing, providerWaitMs: 60 }).map(({ name }) => name)).toEqual([
      'provider',
      'rest',
    ]);
  });

  it('leave out what took no time', () => {
    expect(timingParts({ ...nothing, queuedMs: 0, deliveryMs: 99.99 }).map(({ name }) => name)).toEqual([
      'delivery',
    ]);
  });
});
