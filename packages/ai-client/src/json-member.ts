const string = /"(?:[^"\\]|\\.)*"/y;
const space = /[ \t\n\r]*/y;
const scalar = /[^\s,\]}]+/y;

/**
 * Where the value of a member lies in the text of a JSON object, known to be valid: of the last one when the name is there
 * twice, which is the one that `JSON.parse` takes. So that one value can be replaced and the rest stay as it was written.
 */
export function memberRange(source: string, name: string): readonly [start: number, end: number] | undefined {
  let found: readonly [start: number, end: number] | undefined;
  let at = skip(space, source, source.indexOf('{') + 1);
  while (source[at] === '"') {
    const nameEnd = skip(string, source, at);
    const start = skip(space, source, skip(space, source, nameEnd) + 1);
    const end = valueEnd(source, start);
    if (JSON.parse(source.slice(at, nameEnd)) === name) found = [start, end];
    // Behind the comma, or at the closing brace.
    at = skip(space, source, skip(space, source, end) + 1);
  }
  return found;
}

function valueEnd(source: string, start: number): number {
  const first = source[start];
  if (first === '"') return skip(string, source, start);
  if (first !== '{' && first !== '[') return skip(scalar, source, start);
  let depth = 0;
  for (let at = start; at < source.length; at++) {
    const character = source[at];
    if (character === '"') at = skip(string, source, at) - 1;
    else if (character === '{' || character === '[') depth += 1;
    else if ((character === '}' || character === ']') && --depth === 0) return at + 1;
  }
  return source.length;
}

/** Position behind what `pattern` (sticky) finds at `at`. */
function skip(pattern: RegExp, source: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(source) ? pattern.lastIndex : at;
}
