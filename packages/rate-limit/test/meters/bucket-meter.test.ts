import { describe, expect, it } from 'vitest';
import { BucketMeter } from '../../src/meters/bucket-meter.js';

const bucket = (limit: number, burstMs: number, minCapacity = 1): BucketMeter =>
  new BucketMeter({ limit, burstMs, minCapacity, refundGraceMs: 0, now: 0 });

describe('BucketMeter', () => {
  it('gives a burst at once and then one by one', () => {
    const meter = bucket(60, 3000);
    for (let i = 0; i < 3; i++) {
      expect(meter.waitMs(1, 0)).toBe(0);
      meter.take(1, 0);
    }
    expect(meter.waitMs(1, 0)).toBeCloseTo(1000);
    expect(meter.waitMs(1, 400)).toBeCloseTo(600);
    expect(meter.waitMs(1, 1000)).toBe(0);
  });

  it('keeps refilling when the limit changes', () => {
    const meter = bucket(60, 0);
    meter.take(1, 0);
    meter.configure(120, 0, 500);
    expect(meter.waitMs(1, 500)).toBeCloseTo(250);
    meter.configure(60, 0, 600);
    expect(meter.waitMs(1, 600)).toBeCloseTo(300);
    expect(meter.waitMs(1, 900)).toBe(0);
  });

  it('lets a large amount through when full, and makes up for it', () => {
    const meter = bucket(60_000, 500, 0);
    expect(meter.waitMs(3000, 0)).toBe(0);
    meter.take(3000, 0);
    expect(meter.waitMs(1, 0)).toBeCloseTo(2501, 0);
    expect(meter.used(0)).toBe(3000);
  });

  it('never holds more than its capacity, whatever is given back', () => {
    const meter = bucket(60, 2000);
    meter.give(50, 0, 0);
    expect(meter.ready(0)).toBe(2);
    expect(meter.resetMs(0)).toBe(0);
  });

  it('gives back no refill that would have run over without the refunded amount', () => {
    const meter = bucket(60, 2000);
    meter.take(2, 0);
    meter.take(1, 1500);
    expect(meter.ready(1500)).toBeCloseTo(0.5);
    // Without the first two, the bucket would have been full at 1500, and one was taken since.
    meter.give(1, 0, 1500);
    meter.give(1, 0, 1500);
    expect(meter.ready(1500)).toBe(1);
  });

  it('is lowered but never raised by what the provider says', () => {
    const meter = bucket(60, 5000);
    meter.lower(2, 0);
    expect(meter.ready(0)).toBe(2);
    meter.lower(4, 0);
    expect(meter.ready(0)).toBe(2);
  });

  it('does not run backwards with time', () => {
    const meter = bucket(60, 1000);
    meter.take(1, 5000);
    expect(meter.waitMs(1, 4000)).toBeCloseTo(1000);
  });
});
