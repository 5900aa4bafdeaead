import { asBuffer } from '../as-buffer.js';
import type { JsonObject } from '../json.js';
import { isJsonObject } from '../json.js';
import { renamedMember, withoutMember } from '../json-member.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import { ProviderRefusal } from './provider-refusal.js';

/**
 * What a model's server does not take of a chat request, where others do:
 * - `no-stream-options`: the question for the usage of a stream, which we ask each by and many clients do (Mistral, Azure before September
 *   2024);
 * - `no-max-tokens`: the older name of the limit. OpenAI's reasoning models know only the newer one, and at Azure any name may be theirs;
 * - `no-max-completion-tokens`: the newer name, which other servers do not know.
 */
export type Habit = 'no-stream-options' | 'no-max-tokens' | 'no-max-completion-tokens';

/** What was asked of whom. */
interface AskedChat {
  readonly request: JsonObject;
  readonly streamed: boolean;
}

/** What an upstream may have refused a chat request for: told by its words, so it is certain only when it takes the other way. */
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

/** Whether the request itself was refused, for what it says. */
export function isAboutWords(error: unknown): error is ProviderRefusal {
  return error instanceof ProviderRefusal && (error.status === 400 || error.status === 422);
}

/** A caller who has set another option of the stream is to be told of it. */
function asksUsageAlone(options: JsonObject[string]): boolean {
  return !isJsonObject(options) || Object.keys(options).every((name) => name === 'include_usage');
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** The body of a chat request as an upstream of these habits takes it. */
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

/** A null says nothing, but a name must not be there twice. */
function limitedBy(text: string, before: string, after: string): string {
  return renamedMember(withoutMember(text, after), before, after);
}
