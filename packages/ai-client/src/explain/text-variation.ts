/** Incidental variation between texts that were meant to be the same. */
export type TextVariation = 'white space' | 'case' | 'timestamp' | 'uuid' | 'id' | 'number';

const month = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\\.?';
const weekday = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}\\.?,?\\s{1,3}';
const clock = '\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)?(?:\\s?[AaPp]\\.?[Mm]\\.?)?';
const zone = '(?:\\s?(?:Z|UTC|GMT|[A-Z]{2,4}T)\\b|\\s?(?:UTC|GMT)?[+-]\\d{2}:?\\d{2})?';
const day = [
  '\\d{4}-\\d{2}-\\d{2}',
  '\\d{1,4}[/.]\\d{1,2}[/.]\\d{2,4}',
  `\\d{1,2}(?:st|nd|rd|th)?\\s${month},?\\s\\d{4}`,
  `${month}\\s\\d{1,2}(?:st|nd|rd|th)?,?\\s\\d{4}`,
].join('|');
/** Seconds or milliseconds since 1970, from 2001 to 2286. */
const epoch = '\\b[1-9]\\d{9}(?:\\d{3})?\\b';

const timestamps = new RegExp(
  `(?:${weekday})?(?:${day})(?:(?:T|,?\\s{1,3}(?:at\\s)?)${clock}${zone})?|\\b${clock}${zone}|${epoch}`,
  'g',
);
const uuids = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
/** Prefixed ids such as `req_8fk2m1x9`, and hexadecimal ones of at least twelve digits. */
const ids = /\b(?:[0-9a-f]{12,64}|[a-z]{2,8}[_-](?=[a-z]{0,20}\d)[0-9a-z]{8,64})\b/gi;
const numbers = /[+-]?\d+(?:[.,]\d+)*/g;

/** Patterns of variations; each is matched against what the previous ones have left. */
const patterns: readonly (readonly [variation: TextVariation, pattern: RegExp])[] = [
  ['uuid', uuids],
  ['timestamp', timestamps],
  ['id', ids],
  ['number', numbers],
];

/** Longer texts are not examined, characters. */
const maxLength = 1_000_000;

/** The kinds of variation that account for all differences between two texts. Empty if they differ in more. */
export function textVariations(here: string, there: string): TextVariation[] {
  if (here.length > maxLength || there.length > maxLength) return [];
  const found: TextVariation[] = [];
  let [a, b] = [here, there];
  for (const [variation, pattern] of patterns) {
    const [inHere, inThere] = [a.match(pattern), b.match(pattern)];
    if (inHere?.join('\n') !== inThere?.join('\n')) found.push(variation);
    [a, b] = [a.replace(pattern, `\u0000${variation}`), b.replace(pattern, `\u0000${variation}`)];
  }
  if (a === b) return found;
  if (squeezed(a) === squeezed(b)) return [...found, 'white space'];
  if (a.toLowerCase() === b.toLowerCase()) return [...found, 'case'];
  return squeezed(a).toLowerCase() === squeezed(b).toLowerCase() ? [...found, 'case', 'white space'] : [];
}

/**
 * Steps that remove incidental variation from a text, each applied on top of the previous ones; after the last, no white space or capitals
 * are left.
 */
export const maskings: readonly {
  readonly variation: TextVariation;
  readonly mask: (text: string) => string;
}[] = [
  ...patterns.map(([variation, pattern]) => ({
    variation,
    mask: (text: string) => text.replace(pattern, `\u0000${variation}`),
  })),
  { variation: 'white space', mask: squeezed },
  { variation: 'case', mask: (text) => text.toLowerCase() },
];

function squeezed(text: string): string {
  return text.replace(/\s+/g, '');
}
