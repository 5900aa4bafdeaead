import { StoreError } from '../store-error.js';

export const maxName = 200;
export const maxDescription = 10_000;
export const maxTags = 32;
export const maxTag = 50;

/**
 * Control characters, line breaks of any kind, and the marks that turn the direction of what follows, with which one
 * name can be made to look like another, and everything printed after it as well. The marks that Arabic and Hebrew need
 * (U+200E, U+200F, U+061C) do no harm.
 */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/u;
/** Something that can be seen: no space, and neither a mark without a shape nor one that only changes another. */
const visible = /[^\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{M}]/u;

/** What of a text may be part of a name or a tag; empty when nothing of it can be seen. */
export function printable(value: string): string {
  const clean = text('text', value).replaceAll(new RegExp(unprintable, 'gu'), ' ').trim();
  return visible.test(clean) ? clean : '';
}

/** A project's name as it is kept: composed and trimmed. @throws StoreError `STORE_NAME_INVALID` */
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
      'Put the long text into the idea, which has no limit.',
    );
  }
  return clean;
}

/** Tags as they are kept: composed, trimmed, each once, in the order given. */
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
  // Half a character, where a text was cut in the middle of one, cannot be kept: neither UTF-8 nor PostgreSQL has it.
  return value.toWellFormed().normalize('NFC');
}

function invalid(message: string, hint: string): StoreError {
  return new StoreError('STORE_NAME_INVALID', message, { hint });
}
