import { type Command, InvalidArgumentError } from 'commander';
import type { GlobalFlags } from '../run-command.js';

/** How the words of the command line are read. */

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

export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

export function oneOf(...allowed: readonly string[]): (text: string) => string {
  return (text) => {
    if (!allowed.includes(text)) throw new InvalidArgumentError(`It must be one of ${allowed.join(', ')}.`);
    return text;
  };
}

/** `1-4,6` as numbers. */
export function stageList(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const match = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(part.trim());
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? match?.[1]);
    if (match === null || last < first) throw new InvalidArgumentError('It must look like 1-4,6.');
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
