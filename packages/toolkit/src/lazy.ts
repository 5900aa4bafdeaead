/** A part that is made by the first who asks for it, once; a failed attempt is not remembered. */
export interface Lazy<T> {
  (): Promise<T>;
  /** The part, when somebody has asked for it and it could be made. */
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
