import type { TokenUsage } from '../call-record.js';
import { AiError } from '../errors.js';
import { isJsonObject, type JsonObject, type JsonValue, jsonObjects } from '../json.js';
import type { Vector } from './embed-inputs.js';

/** Reads the vectors of an answer, one per input, in order. */
export function readVectors(body: JsonObject, inputs: readonly string[], usage?: TokenUsage): Vector[] {
  const data = jsonObjects(body.data);
  const model = typeof body.model === 'string' ? body.model : '';
  const shares = usage === undefined ? undefined : share(usage.inputTokens, inputs);
  return inputs.map((_, index) => {
    const item = data.find((candidate) => candidate.index === index) ?? data[index];
    const values = item === undefined ? undefined : readVector(item.embedding);
    if (values === undefined) throw notVectors(index, inputs.length);
    const inputTokens = shares?.[index];
    return { values, model, ...(inputTokens === undefined ? {} : { inputTokens }) };
  });
}

/** Reads a JSON array, or base64 of 32-bit floats, little-endian like every platform that Node supports. */
function readVector(embedding: JsonValue | undefined): Float32Array | undefined {
  if (typeof embedding === 'string') {
    const bytes = Uint8Array.from(Buffer.from(embedding, 'base64'));
    return bytes.length === 0 || bytes.length % 4 !== 0 ? undefined : new Float32Array(bytes.buffer);
  }
  if (!Array.isArray(embedding) || embedding.length === 0) return undefined;
  return embedding.every((value) => typeof value === 'number') ? Float32Array.from(embedding) : undefined;
}

function writeVector({ buffer, byteOffset, byteLength }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

/** Divides the tokens of a batch by the lengths of its inputs: providers report only the total, which the shares add up to. */
function share(total: number, inputs: readonly string[]): number[] {
  const length = inputs.reduce((sum, text) => sum + text.length, 0);
  let passed = 0;
  let given = 0;
  return inputs.map((text) => {
    passed += text.length;
    const until = Math.round((total * passed) / length);
    const part = until - given;
    given = until;
    return part;
  });
}

function notVectors(index: number, count: number): AiError {
  return new AiError(
    'AI_RESPONSE_INVALID',
    `The provider's answer has no vector for input ${index} of ${count}.`,
    {
      hint: 'Check that the model is one for embeddings.',
    },
  );
}

/** The body that a provider would have sent for this one input. */
export function vectorBody({ values, model, inputTokens }: Vector): JsonObject {
  return {
    object: 'list',
    data: [{ object: 'embedding', index: 0, embedding: writeVector(values) }],
    model,
    ...(inputTokens === undefined
      ? {}
      : { usage: { prompt_tokens: inputTokens, total_tokens: inputTokens } }),
  };
}

/** The reverse of `vectorBody`; `undefined` for anything else. */
export function bodyVector(body: JsonObject | undefined): Vector | undefined {
  const values = readVector(jsonObjects(body?.data)[0]?.embedding);
  if (body === undefined || values === undefined) return undefined;
  const tokens = isJsonObject(body.usage) ? body.usage.prompt_tokens : undefined;
  return {
    values,
    model: typeof body.model === 'string' ? body.model : '',
    ...(typeof tokens === 'number' ? { inputTokens: tokens } : {}),
  };
}
