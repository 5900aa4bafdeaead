/** The reason of everything that Ctrl-C stops. */
export class Interrupted extends Error {
  /** What to do to go on. A command that knows better says so while it runs: see `resumeBy`. */
  hint: string = 'To resume, run the same command again.';

  constructor() {
    super('Interrupted.');
    this.name = 'Interrupted';
  }
}

/** What is still open when a command has ended, such as a question to a server that nobody waits for, has this long, ms. */
const lingerMs = 50;

/**
 * A signal that the first Ctrl-C (or a SIGTERM) aborts; the second ends the process at once. The returned function
 * gives the signals back.
 */
export function onInterrupt(): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const stop = (): void => {
    // 128 + SIGINT, as shells count.
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new Interrupted());
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      // Whoever pressed Ctrl-C wants the prompt back. When nothing is open, the process is gone before.
      if (controller.signal.aborted) setTimeout(() => process.exit(), lingerMs).unref();
    },
  };
}
