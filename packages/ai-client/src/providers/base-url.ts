import { AiError } from '../errors.js';

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
