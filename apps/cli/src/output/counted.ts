/** `1 file`, `2 files`: for words with a regular plural. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
