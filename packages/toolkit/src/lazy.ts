/** A value created on first use, once; a failed attempt is repeated by the next call. */
export interface Lazy<T> {
  (): Promise<T>;
  /** The value if it was requested and created successfully. */
  made(): Promise<T | undefined>;
}

export function lazy<T>(make: () => Promise<T>): Lazy<T> {
  let part: Promise<T> | undefined;
  const get = (): Promise<T> => {
    if (part !== undefined) return part;
    const attempt = make();
    part = attempt;
    attempt.catch(() => {
      part = undefined;
    });
    return attempt;
  };
  return Object.assign(get, { made: async () => part?.catch(() => undefined) });
}
