const space = /[ \t\n\r]*/y;
const scalar = /[^\s,\]}]+/y;

interface Member {
  readonly name: unknown;
  /** Offset of its name. */
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

/**
 * Range of a member's value in the text of a JSON object, which must be valid. For a duplicate name it is the last one, the one
 * `JSON.parse` takes. Used to replace one value and leave the rest as written.
 */
export function memberRange(source: string, name: string): readonly [start: number, end: number] | undefined {
  let found: readonly [start: number, end: number] | undefined;
  for (const member of membersOf(source)) if (member.name === name) found = [member.valueStart, member.end];
  return found;
}

/**
 * Replaces the value of an existing member in the text of a JSON object (which must be valid) by `value`, as JSON; leaves the rest as
 * written.
 */
export function withValue(source: string, name: string, value: string): string {
  const [start, end] = memberRange(source, name) ?? [0, 0];
  return source.slice(0, start) + value + source.slice(end);
}

/** Removes a member, and any duplicates, from the text of a JSON object, which must be valid; leaves the others as written. */
export function withoutMember(source: string, name: string): string {
  const kept: string[] = [];
  for (const member of membersOf(source))
    if (member.name !== name) kept.push(source.slice(member.start, member.end));
  return `{${kept.join(',')}}`;
}

/** Renames a member in the text of a JSON object, which must be valid; keeps its position. */
export function renamedMember(source: string, name: string, newName: string): string {
  const members: string[] = [];
  for (const member of membersOf(source)) {
    const { start, valueStart, end } = member;
    members.push(
      member.name === name
        ? `${JSON.stringify(newName)}:${source.slice(valueStart, end)}`
        : source.slice(start, end),
    );
  }
  return `{${members.join(',')}}`;
}

function* membersOf(source: string): Generator<Member> {
  let at = skip(space, source, source.indexOf('{') + 1);
  while (source[at] === '"') {
    const start = at;
    const nameEnd = stringEnd(source, at);
    const valueStart = skip(space, source, skip(space, source, nameEnd) + 1);
    const end = valueEnd(source, valueStart);
    yield { name: JSON.parse(source.slice(start, nameEnd)), start, valueStart, end };
    // After the comma, or at the closing brace.
    at = skip(space, source, skip(space, source, end) + 1);
  }
}

function valueEnd(source: string, start: number): number {
  const first = source[start];
  if (first === '"') return stringEnd(source, start);
  if (first !== '{' && first !== '[') return skip(scalar, source, start);
  let depth = 0;
  for (let at = start; at < source.length; at++) {
    const character = source[at];
    if (character === '"') at = stringEnd(source, at) - 1;
    else if (character === '{' || character === '[') depth += 1;
    else if ((character === '}' || character === ']') && --depth === 0) return at + 1;
  }
  return source.length;
}

/** Offset after the string that begins at `start`. Not a regular expression, which overflows its stack on strings of ten megabytes. */
function stringEnd(source: string, start: number): number {
  let quote = source.indexOf('"', start + 1);
  while (isEscaped(source, quote)) quote = source.indexOf('"', quote + 1);
  return quote + 1;
}

/** Whether an odd number of backslashes precedes `at`. */
function isEscaped(source: string, at: number): boolean {
  let first = at;
  while (source[first - 1] === '\\') first -= 1;
  return (at - first) % 2 === 1;
}

/** Offset after the match of `pattern` (sticky) at `at`, or `at` if there is none. */
function skip(pattern: RegExp, source: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(source) ? pattern.lastIndex : at;
}
