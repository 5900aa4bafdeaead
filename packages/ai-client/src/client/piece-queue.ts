import type { PieceEvent } from './cached-answer.js';

/** Events on their way from the one who loads them to the one who reads them. */
export class PieceQueue implements AsyncIterable<PieceEvent> {
  private readonly waiting: PieceEvent[] = [];
  private ended = false;
  private wake: () => void = () => {};

  push(event: PieceEvent): void {
    if (this.ended) return;
    this.waiting.push(event);
    this.wake();
  }

  /** Nothing more will come. */
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
