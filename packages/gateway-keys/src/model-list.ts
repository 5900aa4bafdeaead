const plain = /^[^*]*\*?$/;

/** Whether one of the patterns matches the model. `*` matches any run of characters; letters match case-sensitively. */
export function allowsModel(patterns: readonly string[], model: string): boolean {
  return patterns.some((pattern) => matches(pattern, model));
}

function matches(pattern: string, model: string): boolean {
  if (plain.test(pattern))
    return pattern.endsWith('*') ? model.startsWith(pattern.slice(0, -1)) : model === pattern;
  // Piece by piece, each as early as possible: unlike with a regular expression, no pattern makes this slow.
  const pieces = pattern.split('*');
  const [first = ''] = pieces;
  const last = pieces.at(-1) ?? '';
  if (!model.startsWith(first) || !model.endsWith(last)) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = model.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= model.length - last.length;
}
