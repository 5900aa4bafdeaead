/** Merges the events of several producers into one sequence for one consumer. */
export interface EventQueue<Event> {
  push(event: Event): void;
  /** Ends the queue. Waiting events are still delivered, then `failure` is thrown, if given. */
  end(failure?: { readonly error: unknown }): void;
  events(): AsyncGenerator<Event, void, void>;
}

export function createEventQueue<Event>(): EventQueue<Event> {
  const waiting: Event[] = [];
  let ended: { readonly failure: { readonly error: unknown } | undefined } | undefined;
  let wake: (() => void) | undefined;

  function signal(): void {
    wake?.();
    wake = undefined;
  }

  return {
    push(event) {
      waiting.push(event);
      signal();
    },
    end(failure) {
      ended ??= { failure };
      signal();
    },
    async *events() {
      for (;;) {
        const events = waiting.splice(0);
        yield* events;
        if (waiting.length > 0) continue;
        if (ended !== undefined) {
          if (ended.failure !== undefined) throw ended.failure.error;
          return;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
