/** What a directive's value must be. `flag` needs none; `count` is a whole number ≥ 0. */
type DirectiveKind =
  | { readonly kind: 'flag' }
  | { readonly kind: 'count'; readonly least?: number; readonly most?: number }
  | { readonly kind: 'share' }
  | { readonly kind: 'text' }
  | { readonly kind: 'choice'; readonly among: readonly string[] }
  | { readonly kind: 'choices'; readonly among: readonly string[] };

export type DirectiveTable<Keys extends string> = Readonly<Record<Keys, DirectiveKind>>;

/** `retryAfterMs` ↔ `retry-after`: the text form drops the unit, which is always milliseconds. */
function directiveName(key: string): string {
  return key.replace(/Ms$/, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * Reads `delay=200; cut-after=3; crlf`: directives separated by `;`, each a name or `name=value`.
 * Throws a TypeError for an unknown name and a RangeError for a bad value, both naming the directive.
 */
export function parseDirectives<Keys extends string>(
  text: string,
  table: DirectiveTable<Keys>,
  subject: string,
): Partial<Record<Keys, unknown>> {
  const keys = keysByName(table);
  const found: Partial<Record<Keys, unknown>> = {};
  for (const part of text.split(';')) {
    const directive = part.trim();
    if (directive === '') continue;
    const equals = directive.indexOf('=');
    const name = equals === -1 ? directive : directive.slice(0, equals).trim();
    const key = keys.get(name);
    if (key === undefined)
      throw new TypeError(`Unknown ${subject} directive "${name}". Known: ${[...keys.keys()].join(', ')}.`);
    found[key] = readValue(
      table[key],
      equals === -1 ? undefined : directive.slice(equals + 1).trim(),
      `${subject} directive "${name}"`,
    );
  }
  return found;
}

const known = new WeakMap<object, ReadonlyMap<string, string>>();

/** The table's keys by their text form; made once per table. */
function keysByName<Keys extends string>(table: DirectiveTable<Keys>): ReadonlyMap<string, Keys> {
  let keys = known.get(table) as ReadonlyMap<string, Keys> | undefined;
  if (keys === undefined) {
    const names = new Map<string, Keys>();
    for (const key in table) names.set(directiveName(key), key);
    known.set(table, names);
    keys = names;
  }
  return keys;
}

function readValue(kind: DirectiveKind, text: string | undefined, name: string): unknown {
  if (kind.kind === 'flag') {
    if (text === undefined || text === 'true') return true;
    if (text === 'false') return false;
    throw new RangeError(`The ${name} is true or false, not "${text}".`);
  }
  if (text === undefined || text === '') throw new RangeError(`The ${name} needs a value.`);
  if (kind.kind === 'count' || kind.kind === 'share') return checkValue(kind, Number(text), name, text);
  if (kind.kind === 'choices') return checkValue(kind, text.split('+'), name, text);
  return checkValue(kind, text, name, text);
}

/** Checks a value given as a property of an object, by the same rules as the text form. Returns it. */
function checkValue(kind: DirectiveKind, value: unknown, name: string, shown: unknown = value): unknown {
  const refuse = (wanted: string): never => {
    throw new RangeError(`The ${name} is ${wanted}, not ${JSON.stringify(shown)}.`);
  };
  switch (kind.kind) {
    case 'flag':
      return typeof value === 'boolean' ? value : refuse('true or false');
    case 'count': {
      const least = kind.least ?? 0;
      const most = kind.most ?? Number.MAX_SAFE_INTEGER;
      const fits = Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
      return fits
        ? value
        : refuse(`a whole number from ${least}${most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`}`);
    }
    case 'share':
      return typeof value === 'number' && value >= 0 && value <= 1 ? value : refuse('a number from 0 to 1');
    case 'text':
      return typeof value === 'string' && value !== '' ? value : refuse('a text that is not empty');
    case 'choice':
      return typeof value === 'string' && kind.among.includes(value)
        ? value
        : refuse(`one of ${kind.among.join(', ')}`);
    case 'choices': {
      const fits =
        Array.isArray(value) && value.length > 0 && value.every((item) => kind.among.includes(String(item)));
      return fits ? value : refuse(`one or more of ${kind.among.join(', ')} (joined by + in text)`);
    }
  }
}

/** Checks an object against the table: every known property by its kind, no unknown ones. */
export function checkDirectives<Shape extends object>(
  value: Readonly<Record<string, unknown>>,
  table: DirectiveTable<keyof Shape & string>,
  subject: string,
): Shape {
  const found: Record<string, unknown> = {};
  const isKey = (key: string): key is keyof Shape & string => Object.hasOwn(table, key);
  for (const [key, item] of Object.entries(value)) {
    if (!isKey(key))
      throw new TypeError(`Unknown ${subject} "${key}". Known: ${Object.keys(table).join(', ')}.`);
    if (item !== undefined) found[key] = checkValue(table[key], item, `${subject} "${key}"`);
  }
  // Every property has just been checked by the kind its table gives it.
  return found as Shape;
}

/** The directives written into a prompt as `[name: …]`, for callers that cannot set a header. */
export function inlineDirectives(text: string, name: string): string | undefined {
  const opening = `[${name}:`;
  const start = text.indexOf(opening);
  if (start === -1) return undefined;
  const end = text.indexOf(']', start);
  return end === -1 ? undefined : text.slice(start + opening.length, end);
}
