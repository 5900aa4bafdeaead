/** A string that needs no unescaping: its characters stand for themselves. */
const plain = /^[^"\\\p{Cc}]*$/u;
/** The rest of a JSON string, its closing quote included. */
const stringEnd = /(?:[^"\\]|\\.)*"/y;

/**
 * The form of an event that is told from the one before it by one string alone, as nearly all events of a stream are. Reading
 * such an event is two comparisons instead of parsing JSON. What is around the string is compared whole, so the event is
 * known to be valid JSON with the same fields.
 */
export class RepeatedEvent {
  private readonly prefix: string;
  private readonly suffix: string;

  private constructor(prefix: string, suffix: string) {
    this.prefix = prefix;
    this.suffix = suffix;
  }

  /**
   * The form of `data`, an event or its JSON, in which the member `name` has the string `value`. `undefined` when there is more than one
   * such member, or when it is not found.
   */
  static of(data: string, name: string, value: string): RepeatedEvent | undefined {
    const start = onlyMember(data, `"${name}":"`) ?? onlyMember(data, `"${name}": "`);
    if (start === undefined) return undefined;
    stringEnd.lastIndex = start;
    if (!stringEnd.test(data)) return undefined;
    const end = stringEnd.lastIndex - 1;
    return unescaped(data.slice(start, end)) === value
      ? new RepeatedEvent(data.slice(0, start), data.slice(end))
      : undefined;
  }

  /** The string in which the event from `start` to `end` of `text` differs; `undefined` when it differs in more. */
  read(text: string, start = 0, end: number = text.length): string | undefined {
    const { prefix, suffix } = this;
    const from = start + prefix.length;
    const to = end - suffix.length;
    // Slices compared as wholes: `startsWith` goes character by character, several times slower.
    if (to < from || text.slice(start, from) !== prefix || text.slice(to, end) !== suffix) return undefined;
    return unescaped(text.slice(from, to));
  }
}

/** Where the value of the only member that is written like `mark` begins. Inside a string, the quotes would be escaped. */
function onlyMember(data: string, mark: string): number | undefined {
  const at = data.indexOf(mark);
  return at >= 0 && data.indexOf(mark, at + 1) < 0 ? at + mark.length : undefined;
}

function unescaped(text: string): string | undefined {
  if (plain.test(text)) return text;
  try {
    const value: unknown = JSON.parse(`"${text}"`);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
