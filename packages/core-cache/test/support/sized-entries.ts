/** Keys of entries with values from a few bytes to 40 KB. */
export const sizedKeys: readonly string[] = Array.from({ length: 150 }, (_, index) => `key ${index}`);

/** The value of an entry contains its key, so that a wrong value is detected. */
export function sizedValue(key: string): string {
  const index = Number(key.slice('key '.length));
  return `${key}|`.repeat([1, 10, 100, 300, 5000][index % 5] ?? 0);
}
