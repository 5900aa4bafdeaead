/** Maximum number of events returned. */
const maxTold = 100;

/** The latest events, newest first. */
export function latest<T extends { readonly at: number }>(events: readonly T[]): T[] {
  return [...events].sort((a, b) => b.at - a.at).slice(0, maxTold);
}
