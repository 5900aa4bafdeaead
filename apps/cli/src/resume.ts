import { Interrupted } from './interrupt.js';

/**
 * Has the report of an interruption name the very command that goes on: this one, without the flags that would begin
 * anew.
 */
export function resumeBy(signal: AbortSignal, withoutFlags: readonly string[] = []): void {
  const args = process.argv.slice(2).filter((arg) => !withoutFlags.includes(arg));
  const command = ['ai-toolkit', ...args.map(quoted)].join(' ');
  signal.addEventListener(
    'abort',
    () => {
      if (signal.reason instanceof Interrupted) signal.reason.hint = `To resume, run again: ${command}`;
    },
    { once: true },
  );
}

/** As a POSIX shell reads it back. */
function quoted(arg: string): string {
  return /^[\w@%+=:,./-]+$/u.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`;
}
