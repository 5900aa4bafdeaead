import { AiError } from '../errors.js';

/**
 * Trims a key, for example of a trailing line end from a file; `undefined` if it is empty. Fails with `AI_NO_PROVIDER` if a header cannot
 * contain it, naming the setting it comes from but never the key.
 */
export function checkedKey(setting: string, key: string | undefined): string | undefined {
  const trimmed = String(key ?? '').trim();
  if (trimmed === '') return undefined;
  if (/^[\x21-\x7e]+$/.test(trimmed)) return trimmed;
  throw new AiError('AI_NO_PROVIDER', `${setting} is no key: it holds more than plain characters.`, {
    hint: `Set ${setting} to the key alone, or leave it out for a server that wants none.`,
  });
}

/**
 * Checks an http(s) URL and removes trailing slashes. Rejects a user name or password, which would not be sent. Fails with
 * `AI_NO_PROVIDER`, naming the setting it comes from.
 */
export function checkedBaseUrl(setting: string, text: string, example: string): string {
  const hint = `Set ${setting} to a URL such as ${example}.`;
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new AiError('AI_NO_PROVIDER', `${setting} is not an http(s) URL: ${JSON.stringify(text)}.`, {
      hint,
    });
  if (url.username + url.password !== '')
    throw new AiError('AI_NO_PROVIDER', `${setting} holds a user or a password.`, { hint });
  return text.replace(/\/+$/, '');
}
