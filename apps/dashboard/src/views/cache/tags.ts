/** The value of a tag such as `model:gpt-4o-mini`; null if there is none with this name. */
export function tagValue(tags: readonly string[], name: string): string | null {
  const start = `${name}:`;
  return tags.find((tag) => tag.startsWith(start))?.slice(start.length) ?? null;
}
