import { AiError } from '../errors.js';

/** An http(s) URL without slashes at its end. Fails with `AI_NO_PROVIDER`, naming the setting that it comes from. */
export function checkedBaseUrl(setting: string, text: string, example: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new AiError('AI_NO_PROVIDER', `${setting} is not an http(s) URL: ${JSON.stringify(text)}.`, {
      hint: `Set ${setting} to a URL such as ${example}.`,
    });
  }
  return text.replace(/\/+$/, '');
}
