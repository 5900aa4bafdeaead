/** Tags as people type them: `a, b ,a` is `['a', 'b']`. */
export function readTags(text: string): readonly string[] {
  return [...new Set(text.split(',').map((tag) => tag.trim()))].filter(Boolean);
}
