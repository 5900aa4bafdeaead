/** A fence that nothing in the text can end. */
export function fenceFor(text: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`{3,}/gu), ([run]) => run.length));
  return '`'.repeat(longest + 1);
}
