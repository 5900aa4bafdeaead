/** Has something to write when this turn of the event loop ends. */
export interface Writer {
  write(): void;
}

/**
 * The end of a turn of the event loop, when all that came in it has been read: the time to write. A write between two reads wakes
 * its reader anew each time, which can cost more than all else that a hit takes; of many in a row only the first does. Redis writes
 * its replies like that, before it waits for more (`beforeSleep`), and Netty has a `FlushConsolidationHandler`.
 */
export class TurnEnd {
  private writers: Writer[] = [];

  /** Has `writer` write once at the end of this turn. */
  add(writer: Writer): void {
    if (this.writers.push(writer) === 1) setImmediate(this.writeAll);
  }

  private readonly writeAll = (): void => {
    const { writers } = this;
    this.writers = [];
    for (const writer of writers) writer.write();
  };
}
