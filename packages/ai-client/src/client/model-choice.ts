/** A model's name, or what finds one. */
export type ModelSource = string | (() => Promise<string>);

/** Gives the model of a call that names none. A function is asked once, by the first such call; again after a failure. */
export function createModelChoice(source: ModelSource): () => Promise<string> | string {
  if (typeof source === 'string') return () => source;
  let found: Promise<string> | undefined;
  return async () => {
    found ??= source();
    try {
      return await found;
    } catch (error) {
      // The provider may answer next time.
      found = undefined;
      throw error;
    }
  };
}
