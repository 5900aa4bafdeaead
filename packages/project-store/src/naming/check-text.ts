import { StoreError } from '../store-error.js';

export const maxName = 200;
export const maxDescription = 10_000;
export const maxTags = 32;
export const maxTag = 50;

/**
 * Control characters, line and paragraph separators, and the bidirectional embeddings, overrides and isolates that can
 * make one name look like another and garble text printed after it. The marks that Arabic and Hebrew need (U+200E,
 * U+200F, U+061C) are harmless.
 */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/u;
/** A visible character: not a space, control, format or combining character. */
const visible = /[^\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{M}]/u;

/** Strips a text to what a name or tag may contain; empty if nothing visible remains. */
export function printable(value: string): string {
  const clean = text('text', value).replaceAll(new RegExp(unprintable, 'gu'), ' ').trim();
  return visible.test(clean) ? clean : '';
}

/** Normalises a project name: NFC, trimmed. @throws StoreError `STORE_NAME_INVALID` */
export function checkName(name: string): string {
  const clean = text('name', name).trim();
  if (!visible.test(clean))
    throw invalid('A project needs a name.', 'Give one of 1 to 200 visible characters.');
  if (unprintable.test(clean)) {
    throw invalid('A project name has no line breaks or control characters.', 'Remove them, then try again.');
  }
  const length = [...clean].length;
  if (length > maxName) {
    throw invalid(
      `A project name has at most ${maxName} characters; this one has ${length}.`,
      'Shorten the name and put the rest into the description.',
    );
  }
  return clean;
}

export function checkDescription(description: string): string {
  const clean = text('description', description).trim();
  if (clean.length > maxDescription) {
    throw invalid(
      `A description has at most ${maxDescription} characters; this one has ${clean.length}.`,
      'Put the long text into the idea.',
    );
  }
  return clean;
}

/** Normalises tags: NFC, trimmed, without duplicates, in the order given. @throws StoreError `STORE_NAME_INVALID` */
export function checkTags(tags: readonly string[]): string[] {
  const clean = [...new Set(tags.map((tag) => text('tags', tag).trim()))].filter((tag) => tag !== '');
  const bad = clean.find((tag) => [...tag].length > maxTag || unprintable.test(tag) || !visible.test(tag));
  if (bad !== undefined) {
    throw invalid(
      `A tag has at most ${maxTag} characters, all of them visible: ${JSON.stringify(bad)}.`,
      'Shorten it.',
    );
  }
  if (clean.length > maxTags) throw invalid(`A project has at most ${maxTags} tags.`, 'Leave some out.');
  return clean;
}

function text(option: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`${option} must be a string, received ${typeof value}`);
  // A lone surrogate, left where a text was cut, cannot be stored: neither UTF-8 nor PostgreSQL can represent it.
  return value.toWellFormed().normalize('NFC');
}

function invalid(message: string, hint: string): StoreError {
  return new StoreError('STORE_NAME_INVALID', message, { hint });
}
