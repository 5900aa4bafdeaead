/** Throws for an unknown option, and names it. A misspelt one would be silently ignored. */
export function checkNames<T extends object>(where: string, options: T, known: Record<keyof T, true>): void {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`${where} expects an object, got ${show(options)}`);
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return;
  throw new TypeError(
    `${where} has no option ${JSON.stringify(unknown)}; its options are: ${Object.keys(known).join(', ')}`,
  );
}

export function checkFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function')
    throw new TypeError(`${name} must be a function, got ${show(value)}`);
}

/** Throws unless the value is undefined or has a `price` method, as a table of `createPriceTable` does. */
export function checkPrices(prices: object | undefined): void {
  if (prices !== undefined && typeof (prices as { price?: unknown } | null)?.price !== 'function')
    throw new TypeError(`prices must be a table of createPriceTable, got ${show(prices)}`);
}

/** Formats any value for an error message. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 120));
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
