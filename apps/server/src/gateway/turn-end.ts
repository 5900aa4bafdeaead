/** Writes at the end of a turn of the event loop. */
export interface Writer {
  write(): void;
}

/**
 * Defers writes to the end of a turn of the event loop, when all input has been read. Each write between two reads wakes its reader, which
 * can cost more than the rest of a hit; of many writes in a row only the first does. Redis likewise writes its replies before it waits for
 * more input (`beforeSleep`), and Netty has a `FlushConsolidationHandler`.
 */
export class TurnEnd {
  private writers: Writer[] = [];

  /** Calls `writer.write()` at the end of this turn. */
  add(writer: Writer): void {
    if (this.writers.push(writer) === 1) setImmediate(this.writeAll);
  }

  private readonly writeAll = (): void => {
    const { writers } = this;
    this.writers = [];
    for (const writer of writers) writer.write();
  };
}
