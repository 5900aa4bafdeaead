import { hash } from 'node:crypto';

/** A source of numbers in [0, 1), the same sequence for the same seed. */
export type Random = () => number;

/** Mulberry32 by Tommy Ettinger (public domain): 32 bits of state, good enough to pick words. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A whole number in [0, below). */
export function pickIndex(random: Random, below: number): number {
  return Math.min(below - 1, Math.floor(random() * below));
}

/** One of `items`; `fallback` when there are none. */
export function pick<T>(random: Random, items: readonly T[], fallback: T): T {
  return items[pickIndex(random, items.length)] ?? fallback;
}

/** A 32-bit seed from text: equal text, equal seed. */
export function seedOf(text: string): number {
  return hash('sha1', text, 'buffer').readUInt32LE(0);
}
