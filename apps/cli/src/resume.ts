import { Interrupted } from './interrupt.js';

/** Makes the report of an interruption show the exact command to resume with: the current one, without flags that would start over. */
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

/** Quotes an argument for a POSIX shell. */
function quoted(arg: string): string {
  return /^[\w@%+=:,./-]+$/u.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`;
}
