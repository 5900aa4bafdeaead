import { tooLarge } from './failures.js';

/** Upper bound on a project text, bytes. Nothing written by a person or a model comes near it. */
export const maxTextBytes: number = 128 * 1024 * 1024;

/**
 * Checks a text before it is written: a longer one is not read again.
 * @throws TypeError; StoreError `STORE_UNWRITABLE`
 */
export function checkText(name: string, text: string): void {
  if (typeof text !== 'string') throw new TypeError(`${name} must be a string, received ${typeof text}`);
  const bytes = Buffer.byteLength(text);
  if (bytes > maxTextBytes) throw tooLarge(`The ${name}`, bytes, maxTextBytes);
}
