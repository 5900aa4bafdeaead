/** Throws for an unknown option. A misspelt one would be silently ignored, and a limit that is ignored limits nothing. */
export function checkNames<T extends object>(where: string, options: T, known: Record<keyof T, true>): void {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`${where} expects an object, got ${show(options)}`);
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return;
  throw new TypeError(
    `${where} has no option ${JSON.stringify(unknown)}; its options are: ${Object.keys(known).join(', ')}`,
  );
}

/** Throws unless the value is a duration in ms, 0 or more. */
export function checkDuration(name: string, value: number): void {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, got ${show(value)}`);
  if (!(value >= 0)) throw new RangeError(`${name} must be 0 or more, got ${value}`);
}

export function checkFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw new TypeError(`${name} must be a function, got ${show(value)}`);
}

/** Throws unless the value has this method, such as a store. */
export function checkObject(name: string, value: unknown, method: string): void {
  if (typeof (value as Record<string, unknown> | null | undefined)?.[method] !== 'function')
    throw new TypeError(`${name} must have the method ${method}, got ${show(value)}`);
}

/** Formats any value for an error message. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 120));
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
