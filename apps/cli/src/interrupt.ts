/** The reason of everything that Ctrl-C stops. */
export class Interrupted extends Error {
  /** What to do to go on. A command that knows better says so while it runs: see `resumeBy`. */
  hint: string = 'To resume, run the same command again.';

  constructor() {
    super('Interrupted.');
    this.name = 'Interrupted';
  }
}

/**
 * The reason of everything that ends because the reader of the result has left (`| head -1`). It is no error, and nobody is there to be
 * told, but what is under way is stopped in order and its cost written down.
 */
export class ReaderLeft extends Error {
  constructor() {
    super('Nobody reads the output any more.');
    this.name = 'ReaderLeft';
  }
}

/**
 * A signal that the first Ctrl-C (or a SIGTERM) aborts; the second ends the process at once. A terminal or a reader that goes away aborts
 * it, too, and may say so again. The returned function gives the signals back.
 */
export function onInterrupt(): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const stop = (): void => {
    // 128 + SIGINT, as shells count.
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new Interrupted());
  };
  const hangUp = (): void => controller.abort(new Interrupted());
  // Every other failure of a stream ends the process: see `main.ts`.
  const leave = (): void => controller.abort(new ReaderLeft());
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('SIGHUP', hangUp);
  process.stdout.on('error', leave);
  process.stderr.on('error', hangUp);
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      process.off('SIGHUP', hangUp);
    },
  };
}
