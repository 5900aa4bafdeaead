import type { Fields } from '../parse.js';
import { parseOlderTime } from './older-time.js';

/*
 * Older projects were written by several programs, which spell the same name as `createdAt`, `CreatedAt`, `created_at`
 * or `created-at`. All spellings are treated as equal.
 */

/** The first of these fields that has a value, in this order. `names` are lower-case and without separators. */
export function pick(fields: Fields, ...names: readonly string[]): unknown {
  const keys = Object.keys(fields);
  for (const name of names) {
    const key = keys.find((one) => fieldName(one) === name && !isNothing(fields[one]));
    if (key !== undefined) return fields[key];
  }
  return undefined;
}

export function pickText(fields: Fields, ...names: readonly string[]): string | undefined {
  const value = pick(fields, ...names);
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

export function pickCount(fields: Fields, ...names: readonly string[]): number | undefined {
  const value = Number(pickText(fields, ...names) ?? Number.NaN);
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** The first of these fields that holds a valid time. Epoch, ms. */
export function pickTime(fields: Fields, ...names: readonly string[]): number | undefined {
  for (const name of names) {
    const at = parseOlderTime(pick(fields, name));
    if (at !== undefined) return at;
  }
  return undefined;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function fieldName(key: string): string {
  return key.replace(/[\s_-]/gu, '').toLowerCase();
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
