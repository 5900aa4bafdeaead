import { StoreError } from '../store-error.js';

export const maxName = 200;
export const maxDescription = 10_000;
export const maxTags = 32;
export const maxTag = 50;

/** A project's name as it is kept: composed and trimmed. @throws StoreError `STORE_NAME_INVALID` */
export function checkName(name: string): string {
  const clean = text('name', name).trim();
  if (clean === '') throw invalid('A project needs a name.', 'Give one of 1 to 200 characters.');
  if (/\p{Cc}/u.test(clean)) {
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
  const bad = clean.find((tag) => [...tag].length > maxTag || /\p{Cc}/u.test(tag));
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
  return value.normalize('NFC');
}

function invalid(message: string, hint: string): StoreError {
  return new StoreError('STORE_NAME_INVALID', message, { hint });
}
