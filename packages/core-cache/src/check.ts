/** Returns a duration in milliseconds, 0 to `Infinity`; throws for anything else. */
export function checkDuration(name: string, value: number): number {
  if (typeof value !== 'number')
    throw new TypeError(`${name} must be a number of milliseconds, got ${typeof value}`);
  if (!(value >= 0)) throw new RangeError(`${name} must not be negative or NaN, got ${value}`);
  return value;
}

export function checkBound(name: string, value: number, least: number): number {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, got ${typeof value}`);
  if (!(value >= least)) throw new RangeError(`${name} must be at least ${least}, got ${value}`);
  return value;
}

/** Throws for an unknown option. A misspelt one would be silently ignored: with `ttl` instead of `ttlMs`, nothing would ever expire. */
export function checkNames<T extends object>(where: string, options: T, known: Record<keyof T, true>): void {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`${where} expects an object, got ${show(options)}`);
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return;
  throw new TypeError(
    `${where} has no option ${JSON.stringify(unknown)}; its options are: ${Object.keys(known).join(', ')}`,
  );
}

/** Throws unless the value is undefined or has all these methods. */
export function checkMethods(name: string, value: object | undefined, methods: readonly string[]): void {
  if (value === undefined) return;
  for (const method of methods)
    if (typeof (value as Record<string, unknown> | null)?.[method] !== 'function')
      throw new TypeError(`${name} must have the method ${method}, got ${show(value)}`);
}

/** Formats any value for an error message. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 120));
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
