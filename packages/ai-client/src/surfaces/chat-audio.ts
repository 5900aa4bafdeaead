import { isJsonObject, type JsonObject, jsonObjects } from '../json.js';

/**
 * When the provider deletes the first of the audios that a spoken answer refers to, epoch ms (OpenAI's `expires_at` is in seconds). From
 * then on, requests that refer to it by id are refused.
 */
export function audioExpiresAt(body: JsonObject): number | undefined {
  let earliest: number | undefined;
  for (const { message } of jsonObjects(body.choices)) {
    const audio = isJsonObject(message) ? message.audio : undefined;
    const seconds = isJsonObject(audio) ? audio.expires_at : undefined;
    // Some compatible servers do not store audio and send 0.
    if (typeof seconds === 'number' && seconds > 0)
      earliest = Math.min(earliest ?? Number.POSITIVE_INFINITY, seconds * 1000);
  }
  return earliest;
}
