import type { Clock } from '../../src/clock.js';

/** A clock that stands still until it is moved. */
export class FakeClock implements Clock {
  time: number;

  constructor(time: number = Date.UTC(2030, 0, 1)) {
    this.time = time;
  }

  now(): number {
    return this.time;
  }

  advance(ms: number): void {
    this.time += ms;
  }
}
