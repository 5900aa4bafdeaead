/** Why a file cannot be parsed: which field, and what is wrong with it. */
export class ParseFailure extends Error {
  /** `older` and `newer`: the file is intact, but its layout is not supported. */
  readonly damage: 'garbled' | 'newer' | 'older';

  constructor(message: string, damage: 'garbled' | 'newer' | 'older' = 'garbled') {
    super(message);
    this.damage = damage;
  }
}

export type Fields = Readonly<Record<string, unknown>>;

export function parseObject(text: string): Fields {
  let value: unknown;
  try {
    // Some Windows editors write a byte order mark.
    value = JSON.parse(text.replace(/^\uFEFF/u, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // The message quotes the file, including line breaks.
    throw new ParseFailure(`it is not valid JSON (${reason.replace(/\s+/gu, ' ')})`);
  }
  return asFields(value, 'the file');
}

export function asFields(value: unknown, name: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new ParseFailure(`${name} is not an object`);
}

export function stringField(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === 'string') return value;
  throw new ParseFailure(`${name} is ${value === undefined ? 'missing' : 'not a string'}`);
}

/** A whole number, at least `minimum`. */
export function countField(fields: Fields, name: string, minimum: number): number {
  const value = fields[name];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= minimum) return value;
  throw wrongNumber(name, value, 'not a whole number');
}

/** A finite number, at least 0. */
export function amountField(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return value;
  throw wrongNumber(name, value, 'not an amount');
}

function wrongNumber(name: string, value: unknown, wrong: string): ParseFailure {
  if (value === undefined) return new ParseFailure(`${name} is missing`);
  return new ParseFailure(`${name} is ${wrong}${typeof value === 'number' ? `: ${value}` : ''}`);
}

/** An ISO 8601 time. @returns epoch, ms */
export function timeField(fields: Fields, name: string): number {
  const at = Date.parse(stringField(fields, name));
  if (Number.isNaN(at)) throw new ParseFailure(`${name} is not a date`);
  return at;
}

export function writeTime(at: number): string {
  return new Date(at).toISOString();
}
