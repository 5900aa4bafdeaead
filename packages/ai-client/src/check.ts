/** Validation of arguments and options: throws a `TypeError` or `RangeError` that names the option and its value. */

/** Throws for an unknown option and names it: a misspelt one would be ignored silently. */
export function checkNames<T extends object>(where: string, options: T, known: Record<keyof T, true>): void {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`${where} expects an object, got ${show(options)}`);
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return;
  throw new TypeError(
    `${where} has no option ${JSON.stringify(unknown)}; its options are: ${Object.keys(known).join(', ')}`,
  );
}

/** A number, `least` or more; `Infinity` is accepted. */
export function checkNumber(name: string, value: number | undefined, least: number): void {
  if (value === undefined) return;
  checkType(name, value, 'number');
  if (!(value >= least)) throw new RangeError(`${name} must be ${least} or more, got ${value}`);
}

/** A duration in ms, above 0. */
export function checkDuration(name: string, value: number | undefined): void {
  if (value === undefined) return;
  checkType(name, value, 'number');
  if (!(value > 0)) throw new RangeError(`${name} must be above 0, got ${value}`);
}

export function checkWhole(name: string, value: number | undefined, least: number): void {
  if (value !== undefined && !(Number.isSafeInteger(value) && value >= least))
    throw new RangeError(`${name} must be a whole number, ${least} or more, got ${show(value)}`);
}

export function checkFinite(name: string, value: number | undefined): void {
  if (value !== undefined && !Number.isFinite(value))
    throw new RangeError(`${name} must be a finite number, got ${show(value)}`);
}

export function checkText(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'string')
    throw new TypeError(`${name} must be a string, got ${show(value)}`);
}

export function checkType(name: string, value: unknown, type: 'number' | 'boolean' | 'function'): void {
  if (value !== undefined && typeof value !== type)
    throw new TypeError(`${name} must be a ${type}, got ${show(value)}`);
}

/** An object with this method, such as a cache. */
export function checkObject(name: string, value: object | undefined, method: string): void {
  if (value === undefined) return;
  if (typeof (value as Record<string, unknown> | null)?.[method] !== 'function')
    throw new TypeError(`${name} must have the method ${method}, got ${show(value)}`);
}

/** Formats any value for an error message. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80));
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
