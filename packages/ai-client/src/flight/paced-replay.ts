import { BoundaryScanner } from '../sse/boundaries.js';

/** Node fires longer timers immediately. */
const longestTimerMs = 2 ** 31 - 1;

/** Delivers the events of a stored stream one by one, at intervals, like a live model. */
export class PacedReplay {
  private readonly bytes: Uint8Array;
  private readonly intervalMs: number;
  private readonly ends: number[];
  private start = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(bytes: Uint8Array, intervalMs: number) {
    this.bytes = bytes;
    this.intervalMs = Math.min(intervalMs, longestTimerMs);
    this.ends = new BoundaryScanner().scan(bytes);
    if (this.ends.at(-1) !== bytes.length && bytes.length > 0) this.ends.push(bytes.length);
  }

  get done(): boolean {
    return this.ends.length === 0;
  }

  /** The next event, if it is due; otherwise `undefined`, and `wake` is called when it is. */
  take(wake: () => void): Uint8Array | undefined {
    if (this.timer !== undefined) return undefined;
    const end = this.ends.shift();
    if (end === undefined) return undefined;
    const event = this.bytes.subarray(this.start, end);
    this.start = end;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      wake();
    }, this.intervalMs);
    return event;
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
