/** A fence longer than any in the text. */
export function fenceFor(text: string): string {
  let longest = 2;
  for (const [run] of text.matchAll(/`{3,}/gu)) longest = Math.max(longest, run.length);
  return '`'.repeat(longest + 1);
}
