import type { PieceEvent } from './cached-answer.js';

/** Passes events from the loader to the reader. */
export class PieceQueue implements AsyncIterable<PieceEvent> {
  private readonly waiting: PieceEvent[] = [];
  private ended = false;
  private wake: () => void = () => {};

  push(event: PieceEvent): void {
    if (this.ended) return;
    this.waiting.push(event);
    this.wake();
  }

  /** Ends the iteration once the queued events are read. */
  end(): void {
    this.ended = true;
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<PieceEvent> {
    while (true) {
      const event = this.waiting.shift();
      if (event !== undefined) yield event;
      else if (this.ended) return;
      else
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
    }
  }
}
