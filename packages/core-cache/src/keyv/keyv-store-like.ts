/**
 * What a Keyv store must have to serve as a tier: a storage adapter of Keyv 5 or 6, a Keyv itself, or a `Map`. Methods may return values or
 * promises.
 */
export interface KeyvStoreLike {
  get(key: string): unknown;
  /** `lifetime` is an epoch in milliseconds if `capabilities.expires` is true, else milliseconds from now. */
  set(key: string, value: string, lifetime?: number): unknown;
  delete(key: string): unknown;
  getMany?(keys: string[]): unknown;
  /** Pairs of key and value; needed only for `entries`. */
  iterator?(namespace?: string): AsyncIterable<unknown>;
  /** As in `Map`; used if there is no `iterator`. */
  entries?(): Iterable<unknown>;
  readonly namespace?: string | undefined;
  readonly capabilities?: { readonly expires?: boolean } | undefined;
  on?(event: 'error', listener: (error: unknown) => void): unknown;
  off?(event: 'error', listener: (error: unknown) => void): unknown;
  disconnect?(): unknown;
}

/** Throws a `TypeError` for anything that cannot be a Keyv store. */
export function checkKeyvStore(store: KeyvStoreLike): KeyvStoreLike {
  for (const method of ['get', 'set', 'delete'] as const) {
    if (typeof store?.[method] !== 'function') {
      throw new TypeError(`keyvStore must have the method ${method}, got ${describe(store)}`);
    }
  }
  return store;
}

function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return `an object of the class ${value.constructor?.name ?? 'Object'}`;
}
