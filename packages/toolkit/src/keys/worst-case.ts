import type { Surface } from '@ai-toolkit/ai-client';

/** Tokens that a request can take at most. */
export interface WorstCase {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

type Body = Readonly<Record<string, unknown>>;

/** Where each surface bounds the tokens of its answer. */
const outputBounds: Readonly<Record<Surface, readonly string[]>> = {
  chat: ['max_completion_tokens', 'max_tokens'],
  responses: ['max_output_tokens'],
  messages: ['max_tokens'],
  embeddings: [],
};

/** Most that models write at once, by the beginning of their names, as their makers' pages of models have it. */
const modelBounds: readonly (readonly [RegExp, number])[] = [
  [/^(?:[\w.-]+\/)?(?:gpt-5|claude-)/, 128_000],
  [/^(?:[\w.-]+\/)?o\d/, 100_000],
  [/^(?:[\w.-]+\/)?gpt-4\.1/, 32_768],
];
const otherModels = 16_384;

/** A picture in high detail is at most 48,169 tokens (gpt-4o-mini, eight tiles); of a document only the context is a bound. */
const attachmentTokens: Readonly<Record<string, number>> = {
  image: 50_000,
  image_url: 50_000,
  input_image: 50_000,
  document: 200_000,
  file: 200_000,
  input_file: 200_000,
};

/**
 * The most that a request can cost, in tokens. A token of a byte-level tokenizer stands for one byte at least, so the bytes of the
 * request bound its tokens; what it merely refers to is counted by its kind. An answer without a bound of its own is bound by its model.
 */
export function worstCase(surface: Surface, body: Body, bytes: number): WorstCase {
  const inputTokens = bytes + attachments(body);
  if (surface === 'embeddings') return { inputTokens, outputTokens: 0 };
  // Of two bounds, some servers know one and some the other.
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

/** Without recursion: a request may be nested as deep as its sender likes. */
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
