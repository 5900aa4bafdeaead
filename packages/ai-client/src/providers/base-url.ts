import { AiError } from '../errors.js';

/**
 * A key as a header can hold it: without what a file has around it, such as the end of its line; `undefined` for none. Fails with
 * `AI_NO_PROVIDER`, naming the setting that it comes from, and never shows it.
 */
export function checkedKey(setting: string, key: string | undefined): string | undefined {
  const trimmed = String(key ?? '').trim();
  if (trimmed === '') return undefined;
  if (/^[\x21-\x7e]+$/.test(trimmed)) return trimmed;
  throw new AiError('AI_NO_PROVIDER', `${setting} is no key: it holds more than plain characters.`, {
    hint: `Set ${setting} to the key alone, or leave it out for a server that wants none.`,
  });
}

/** An http(s) URL without slashes at its end, and without a user and a password: nothing would send them. Fails with `AI_NO_PROVIDER`, naming the setting that it comes from. */
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
