import { type Command, InvalidArgumentError } from 'commander';
import type { GlobalFlags } from '../run-command.js';

/** Parsers for command line values. */

export function flagsOf(command: Command): GlobalFlags {
  return command.optsWithGlobals<GlobalFlags>();
}

export function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

export function portNumber(text: string): number {
  const value = wholeNumber(text);
  if (value > 65_535) throw new InvalidArgumentError('It must be 65535 or less.');
  return value;
}

/** At least 1. */
export function positiveNumber(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError('It must be 1 or more.');
  return value;
}

/** At least 0. */
export function amount(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('It must be a number, 0 or more.');
  return value;
}

export function numberUpTo(most: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!(value >= 0 && value <= most))
      throw new InvalidArgumentError(`It must be a number from 0 to ${most}.`);
    return value;
  };
}

/** A parser that exposes the words it accepts, for completion. */
export interface WordParser {
  (text: string): string;
  readonly allowed: readonly string[];
}

export function oneOf(...allowed: readonly string[]): WordParser {
  const parse = (text: string): string => {
    if (!allowed.includes(text)) throw new InvalidArgumentError(`It must be one of ${allowed.join(', ')}.`);
    return text;
  };
  return Object.assign(parse, { allowed });
}

/** Parses `1-4,6`. */
export function stageList(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const match = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(part.trim());
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? match?.[1]);
    if (match === null || last < first) throw new InvalidArgumentError('It must look like 1-4,6.');
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Parses `90s`, `30m`, `12h` or `7d`. ms. */
export function duration(text: string): number {
  const [, amount, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (amount === undefined) throw new InvalidArgumentError('It must be a duration such as 30m, 12h or 7d.');
  return Number(amount) * (units[unit] ?? Number.NaN);
}

/** Parses a past time: a duration ago, or a date. Epoch, ms; 0 for any time before. */
export function since(text: string): number {
  const [, day] = /^(\d{4}-\d{2}-\d{2})(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?$/.exec(text) ?? [];
  if (day !== undefined && isDay(day)) {
    const at = Date.parse(text);
    if (!Number.isNaN(at)) return Math.max(0, at);
  }
  if (!/^\d{1,6}[smhd]$/.test(text))
    throw new InvalidArgumentError('It must be a duration such as 24h or 7d, or a date such as 2026-11-01.');
  return Math.max(0, Date.now() - duration(text));
}

/** Whether there is such a day: `Date.parse` reads February 31 as March 3. */
function isDay(text: string): boolean {
  const at = Date.parse(text);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}
