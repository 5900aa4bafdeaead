/** A model's name, or a function that finds one. */
export type ModelSource = string | (() => Promise<string>);

/** Returns the model for calls that name none. A function is called once, by the first such call, and again after a failure. */
export function createModelChoice(source: ModelSource): () => Promise<string> | string {
  if (typeof source === 'string') return () => source;
  let found: Promise<string> | undefined;
  return async () => {
    found ??= source();
    try {
      return await found;
    } catch (error) {
      // The next call tries again.
      found = undefined;
      throw error;
    }
  };
}
