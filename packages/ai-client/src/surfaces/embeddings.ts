import type { TokenUsage } from '../call-record.js';
import { AiError } from '../errors.js';
import { isJsonObject, type JsonObject, type JsonValue, jsonObjects } from '../json.js';
import { writeData } from '../sse/events.js';
import type { SurfaceAdapter, Verdict } from './adapter.js';
import { alwaysTellsUsage } from './always-tells-usage.js';
import { frameBehind } from './error-frame.js';
import { openaiError } from './openai-errors.js';
import { tokenCount } from './token-count.js';

/** OpenAI's embeddings, which many servers implement. Never streamed. */
export const embeddingsSurface: SurfaceAdapter = {
  surface: 'embeddings',
  path: '/embeddings',
  // `encoding_format` stays in the key, since it changes how the vectors are encoded.
  keyExclusions: new Set(['user']),
  bypassReason: () => undefined,
  isStreamed: () => false,
  ...alwaysTellsUsage,
  createFolder: () => ({
    add: () => undefined,
    end: () => ({ terminated: false, finished: false }),
  }),
  expand: () => {
    throw new AiError('AI_RESPONSE_INVALID', 'Embeddings cannot be given as a stream.', {
      hint: 'Ask for them without "stream".',
    });
  },
  judge: judgeEmbeddings,
  usage: embeddingsUsage,
  errorBody: openaiError,
  errorFrame: (failure, requestId, sent) =>
    frameBehind(sent, writeData(JSON.stringify(openaiError(failure, requestId)))),
};

/** Proves that there is exactly one non-empty vector per input. */
function judgeEmbeddings(body: JsonObject, request: JsonObject): Verdict {
  if (body.error !== undefined && body.error !== null) return incomplete('the body is an error');
  const data = jsonObjects(body.data);
  const wanted = inputCount(request.input);
  if (data.length !== wanted) return incomplete(`${data.length} of ${wanted} embeddings`);
  const positions = new Set(data.map(({ index }, position) => index ?? position));
  if (positions.size !== wanted) return incomplete('two embeddings for one input');
  return data.every(({ embedding }) => isVector(embedding))
    ? { complete: true }
    : incomplete('an empty embedding');
}

function incomplete(reason: string): Verdict {
  return { complete: false, reason };
}

/** The input is a text, a list of texts, the tokens of one text, or a list of those. */
function inputCount(input: JsonValue | undefined): number {
  if (!Array.isArray(input)) return 1;
  return input.every((item) => typeof item === 'number') ? 1 : input.length;
}

/** A list of numbers, or base64. */
function isVector(embedding: JsonValue | undefined): boolean {
  if (typeof embedding === 'string') return embedding.length > 0;
  return (
    Array.isArray(embedding) &&
    embedding.length > 0 &&
    embedding.every((value) => typeof value === 'number' && Number.isFinite(value))
  );
}

function embeddingsUsage({ usage }: JsonObject): TokenUsage | undefined {
  const inputTokens = isJsonObject(usage) ? tokenCount(usage.prompt_tokens) : undefined;
  return inputTokens === undefined ? undefined : { inputTokens, outputTokens: 0 };
}
