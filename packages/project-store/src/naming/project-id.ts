import { randomToken } from '../fs/token.js';

/** Longest readable part of an id, in characters. */
export const maxReadable = 24;

/** A new id: the start of the slug and six random characters (30 bits), such as `tide-clock-7f3k2m`. */
export function newProjectId(slug: string): string {
  const readable = [...slug].slice(0, maxReadable).join('').replace(/-+$/u, '');
  return `${readable}-${randomToken(6)}`;
}

/** The readable part of an id, with which the folder name begins unless it was renamed. */
export function readablePart(id: string): string {
  return id.replace(/-[0-9a-z]{6}$/u, '');
}
