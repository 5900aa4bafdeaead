/** Abort reason of Ctrl-C. */
export class Interrupted extends Error {
  /** How to resume. Commands can provide a more specific hint, see `resumeBy`. */
  hint: string = 'To resume, run the same command again.';

  constructor() {
    super('Interrupted.');
    this.name = 'Interrupted';
  }
}

/**
 * Abort reason when the reader of the output has exited (`| head -1`). Not an error, and there is nobody to report to,
 * but running work is stopped properly and its cost is recorded.
 */
export class ReaderLeft extends Error {
  constructor() {
    super('Nobody reads the output any more.');
    this.name = 'ReaderLeft';
  }
}

/**
 * Creates a signal that the first Ctrl-C or SIGTERM aborts; a second one exits at once. A closed terminal or reader
 * aborts it as well, but repeating that never exits. `release` restores the default handling of all of them.
 */
export function onInterrupt(): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const stop = (): void => {
    // 128 + SIGINT, the convention of shells.
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new Interrupted());
  };
  const hangUp = (): void => controller.abort(new Interrupted());
  // Any other stream error exits the process, see `main.ts`.
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
      process.stdout.off('error', leave);
      process.stderr.off('error', hangUp);
    },
  };
}
