import { asBuffer } from '../as-buffer.js';
import type { JsonObject } from '../json.js';
import { isJsonObject } from '../json.js';
import { renamedMember, withoutMember } from '../json-member.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import { ProviderRefusal } from './provider-refusal.js';

/**
 * Chat request fields that a model's server rejects although others accept them:
 * - `no-stream-options`: rejects the option that reports usage in a stream, which we always set and many clients do (Mistral, Azure before
 *   September 2024);
 * - `no-max-tokens`: rejects the older name of the token limit. OpenAI's reasoning models accept only the newer one, and on Azure any
 *   deployment name may be one of them;
 * - `no-max-completion-tokens`: rejects the newer name, which other servers do not know.
 */
export type Habit = 'no-stream-options' | 'no-max-tokens' | 'no-max-completion-tokens';

/** The request as sent. */
interface AskedChat {
  readonly request: JsonObject;
  readonly streamed: boolean;
}

/** The habit that may explain a refused chat request, judged by the error message; confirmed only if the adapted request succeeds. */
export function habitBehind(error: unknown, { request, streamed }: AskedChat): Habit | undefined {
  if (!isAboutWords(error)) return undefined;
  const said = asBuffer(error.body);
  const { max_tokens, max_completion_tokens, stream_options } = request;
  if (streamed && said.includes('stream_options') && asksUsageAlone(stream_options))
    return 'no-stream-options';
  if (!said.includes('max_completion_tokens')) return undefined;
  if (typeof max_tokens === 'number') return isGiven(max_completion_tokens) ? undefined : 'no-max-tokens';
  return typeof max_completion_tokens === 'number' ? 'no-max-completion-tokens' : undefined;
}

/** Whether the request itself was refused as invalid. */
export function isAboutWords(error: unknown): error is ProviderRefusal {
  return error instanceof ProviderRefusal && (error.status === 400 || error.status === 422);
}

/** If the caller set another stream option, the refusal is passed on. */
function asksUsageAlone(options: JsonObject[string]): boolean {
  return !isJsonObject(options) || Object.keys(options).every((name) => name === 'include_usage');
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Adapts the body of a chat request to an upstream's habits. */
export function inHabits(
  body: Uint8Array,
  request: JsonObject,
  habits: readonly Habit[],
  adapter: SurfaceAdapter,
): Uint8Array {
  let text = asBuffer(body).toString();
  const { max_tokens, max_completion_tokens } = request;
  if (habits.includes('no-max-tokens') && typeof max_tokens === 'number' && !isGiven(max_completion_tokens))
    text = limitedBy(text, 'max_tokens', 'max_completion_tokens');
  if (habits.includes('no-max-completion-tokens') && isGiven(max_completion_tokens) && !isGiven(max_tokens))
    text = limitedBy(text, 'max_completion_tokens', 'max_tokens');
  if (!habits.includes('no-stream-options')) return adapter.upstreamBody(Buffer.from(text), request);
  return Buffer.from(withoutMember(text, 'stream_options'));
}

/** Removes a null under the new name, to avoid a duplicate. */
function limitedBy(text: string, before: string, after: string): string {
  return renamedMember(withoutMember(text, after), before, after);
}
