/** Most events of one list that are told at once. */
const maxTold = 100;

/** The latest of them, the latest first. */
export function latest<T extends { readonly at: number }>(events: readonly T[]): T[] {
  return [...events].sort((a, b) => b.at - a.at).slice(0, maxTold);
}
