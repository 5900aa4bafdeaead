import { exitCodeOf } from '../exit-code.js';
import { Interrupted } from '../interrupt.js';
import { harmless } from './harmless.js';

/** An error, prepared for people and programs. */
export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly exitCode: number;
}

/** Reports an error and what to do about it: as the JSON document on stdout, or as text on stderr. @returns the exit code */
export function reportError(error: unknown, json: boolean, verbose: boolean): number {
  const report = errorReport(error);
  if (json) {
    process.stdout.write(`${JSON.stringify({ error: report }, null, 2)}\n`);
    return report.exitCode;
  }
  const lines = [`error: ${report.message}`, ...(report.hint === undefined ? [] : [`  ${report.hint}`])];
  const said = lines.join('\n');
  process.stderr.write(`${process.stderr.isTTY ? harmless(said) : said}\n`);
  if (verbose && error instanceof Error && error.stack !== undefined)
    process.stderr.write(`${error.stack}\n`);
  return report.exitCode;
}

export function errorReport(error: unknown): ErrorReport {
  return { ...describe(error), exitCode: exitCodeOf(error) };
}

function describe(error: unknown): Omit<ErrorReport, 'exitCode'> {
  if (error instanceof Interrupted) return { code: 'INTERRUPTED', message: error.message, hint: error.hint };
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
