import { randomInt } from 'node:crypto';

/** Crockford's alphabet in lower case: no `i`, `l`, `o`, `u`, so it can be read aloud and typed. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** Matches one character of a token, for use in a regular expression. */
export const tokenCharacter: string = `[${alphabet}]`;

/** Random letters and digits, 5 bits each. */
export function randomToken(length: number): string {
  let token = '';
  for (let index = 0; index < length; index += 1) token += alphabet.charAt(randomInt(alphabet.length));
  return token;
}
