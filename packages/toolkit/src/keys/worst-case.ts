import type { Surface } from '@ai-toolkit/ai-client';
import { readsElsewhere } from './provider-state.js';

/** Upper bounds on the tokens of a request. */
export interface WorstCase {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

type Body = Readonly<Record<string, unknown>>;

/** Fields that limit the output tokens, by surface. */
const outputBounds: Readonly<Record<Surface, readonly string[]>> = {
  chat: ['max_completion_tokens', 'max_tokens'],
  responses: ['max_output_tokens'],
  messages: ['max_tokens'],
  embeddings: [],
};

/** Output limits by model name prefix, according to the providers' model pages. */
const modelBounds: readonly (readonly [RegExp, number])[] = [
  [/^(?:[\w.-]+\/)?(?:gpt-5|claude-)/, 128_000],
  [/^(?:[\w.-]+\/)?o\d/, 100_000],
  [/^(?:[\w.-]+\/)?gpt-4\.1/, 32_768],
];
const otherModels = 16_384;

/** An image in high detail takes at most 48,169 tokens (gpt-4o-mini, eight tiles); a document is bounded only by the context size. */
const attachmentTokens: Readonly<Record<string, number>> = {
  image: 50_000,
  image_url: 50_000,
  input_image: 50_000,
  document: 200_000,
  file: 200_000,
  input_file: 200_000,
};

/** Only the context size bounds what a provider reads from elsewhere: a million tokens in most large models. */
const contextTokens = 1_000_000;

/**
 * Upper bound on the tokens of a request. Each token of a byte-level tokenizer stands for at least one byte, so the
 * size of the request bounds its own tokens; attachments it refers to are counted by type. If the
 * provider reads more than that, a whole context is added. Without an output limit, that of the model applies.
 */
export function worstCase(surface: Surface, body: Body, bytes: number): WorstCase {
  const inputTokens = bytes + attachments(body) + (readsElsewhere(surface, body) ? contextTokens : 0);
  if (surface === 'embeddings') return { inputTokens, outputTokens: 0 };
  // If both limits are given: servers differ in which one they honour.
  const bounds = outputBounds[surface].map((name) => body[name]).filter((value) => isCount(value));
  const bound = bounds.length === 0 ? boundOf(body.model) : Math.max(...bounds);
  const choices = isCount(body.n) ? body.n : 1;
  return { inputTokens, outputTokens: bound * choices };
}

function boundOf(model: unknown): number {
  if (typeof model !== 'string') return otherModels;
  return modelBounds.find(([pattern]) => pattern.test(model))?.[1] ?? otherModels;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 1;
}

/** Iterative, since a request may be nested arbitrarily deep. */
function attachments(body: Body): number {
  let tokens = 0;
  const waiting: unknown[] = [body.messages, body.input, body.system];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) continue;
    if ('type' in value && typeof value.type === 'string' && Object.hasOwn(attachmentTokens, value.type))
      tokens += attachmentTokens[value.type] ?? 0;
    for (const member of Object.values(value)) if (typeof member === 'object') waiting.push(member);
  }
  return tokens;
}
