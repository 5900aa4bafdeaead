import { exitCodeOf } from '../exit-code.js';
import { Interrupted } from '../interrupt.js';

/** An error as a person or a program reads it. */
interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** Says what went wrong and what to do: as the JSON document of stdout, or in words on stderr. Returns the exit code. */
export function reportError(error: unknown, json: boolean, verbose: boolean): number {
  const report = describe(error);
  const code = exitCodeOf(error);
  if (json) {
    process.stdout.write(`${JSON.stringify({ error: { ...report, exitCode: code } }, null, 2)}\n`);
    return code;
  }
  process.stderr.write(`error: ${report.message}\n`);
  if (report.hint !== undefined) process.stderr.write(`  ${report.hint}\n`);
  if (verbose && error instanceof Error && error.stack !== undefined)
    process.stderr.write(`${error.stack}\n`);
  return code;
}

function describe(error: unknown): ErrorReport {
  if (error instanceof Interrupted) {
    return { code: 'INTERRUPTED', message: error.message, hint: 'Run the same command again to go on.' };
  }
  if (!(error instanceof Error)) return { code: 'FAILURE', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
  const misuse = error instanceof TypeError || error instanceof RangeError;
  return {
    code: code ?? (misuse ? 'USAGE' : 'FAILURE'),
    message: error.message,
    ...(hint === undefined ? {} : { hint }),
  };
}
