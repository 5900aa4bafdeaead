/** Throws for anything but a number: strings would be concatenated instead of added. */
export function checkNumber(name: string, value: unknown): void {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, got ${show(value)}`);
}

/** Throws for an unknown option. A misspelt one would be silently ignored, and a limit that is ignored limits nothing. */
export function checkNames<T extends object>(where: string, options: T, known: Record<keyof T, true>): void {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`${where} expects an object, got ${show(options)}`);
  // Without a list of the names: it runs for every call that is admitted.
  for (const name in options)
    if (known[name] !== true)
      throw new TypeError(
        `${where} has no option ${JSON.stringify(name)}; its options are: ${Object.keys(known).join(', ')}`,
      );
}

export function checkFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function')
    throw new TypeError(`${name} must be a function, got ${show(value)}`);
}

/** A clock that lacks a method would fail the first call that needs it. */
export function checkClock(clock: object | undefined): void {
  if (clock === undefined) return;
  for (const method of ['now', 'wallNow', 'schedule'])
    if (typeof (clock as Record<string, unknown> | null)?.[method] !== 'function')
      throw new TypeError(`clock must have the method ${method}, got ${show(clock)}`);
}

/** Formats any value for an error message. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 120));
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
