import type { CacheOutcome, TokenUsage } from '../call-record.js';
import { show } from '../check.js';
import { AiError } from '../errors.js';
import type { CacheMode } from './ai-client.js';
import type { Embeddings } from './embeddings.js';
import { splitInputs } from './split-inputs.js';

/** The provider and model that made a vector, as named in records. */
export interface Answerer {
  readonly provider: string;
  /** The model as named by the provider. */
  readonly model: string;
}

/** The vector of one text. */
export interface Vector {
  readonly values: Float32Array;
  /** The model that made it. */
  readonly model: string;
  /** Its share of the tokens of its batch. */
  readonly inputTokens?: number;
  readonly answerer?: Answerer;
}

/** A provider's answer to a batch. */
export interface VectorBatch {
  /** One per input, in order. */
  readonly vectors: readonly Vector[];
  /** How each was found. */
  readonly cache: readonly CacheOutcome[];
  readonly usage?: TokenUsage;
}

/** Looks up, requests and stores vectors. */
export interface VectorSource {
  find(input: string): Promise<Vector | undefined>;
  ask(inputs: readonly string[]): Promise<VectorBatch>;
  keep(input: string, vector: Vector): Promise<void>;
  /** Maximum number of inputs per request as learned so far, lowered on refusals. Default: the limit of `splitInputs`. */
  readonly batch?: BatchBound;
}

export interface BatchBound {
  most: number;
}

/** Maximum number of concurrent batches. */
const concurrency = 4;

/**
 * The vectors of texts: known ones from the cache, the others in as few requests as the provider allows, each distinct text once. Vectors
 * are stored separately, so if ninety-nine of a hundred texts are known, only one is sent.
 */
export async function embedInputs(
  input: string | readonly string[],
  mode: CacheMode,
  source: VectorSource,
): Promise<Embeddings> {
  const inputs = typeof input === 'string' ? [input] : input;
  checkInputs(inputs);
  const found = new Map<string, Vector & { readonly cache: CacheOutcome }>();
  const distinct = [...new Set(inputs)];
  if (mode === 'default' || mode === 'only-if-cached') {
    await Promise.all(
      distinct.map(async (text) => {
        const vector = await source.find(text);
        if (vector !== undefined) found.set(text, { ...vector, cache: 'hit' });
      }),
    );
  }
  const missing = distinct.filter((text) => !found.has(text));
  if (missing.length > 0 && mode === 'only-if-cached') throw notCached(missing.length, distinct.length);
  const usages: TokenUsage[] = [];
  await eachBatch(splitInputs(missing), source.batch ?? { most: missing.length }, async (batch) => {
    const { vectors, cache, usage } = await source.ask(batch);
    if (usage !== undefined) usages.push(usage);
    await Promise.all(
      vectors.map(async (vector, index) => {
        const text = batch[index];
        if (text === undefined) return;
        found.set(text, { ...vector, cache: cache[index] ?? 'miss' });
        if (mode !== 'bypass') await source.keep(text, vector);
      }),
    );
  });
  return assemble(inputs, found, usages);
}

function checkInputs(inputs: readonly string[]): void {
  if (!Array.isArray(inputs))
    throw new TypeError(`input must be a string or an array of strings, got ${show(inputs)}`);
  for (const [index, text] of inputs.entries()) {
    if (typeof text !== 'string') throw new TypeError(`input[${index}] must be a string, got ${show(text)}`);
    if (text === '') throw emptyInput(index);
  }
}

function assemble(
  inputs: readonly string[],
  found: ReadonlyMap<string, Vector & { readonly cache: CacheOutcome }>,
  usages: readonly TokenUsage[],
): Embeddings {
  const made = inputs.map((text) => found.get(text)).filter((vector) => vector !== undefined);
  const [first] = made;
  const inputTokens = usages.reduce((sum, usage) => sum + usage.inputTokens, 0);
  return {
    // Copies, each separate: some callers normalise their vectors in place.
    vectors: made.map(({ values }) => values.slice()),
    dimensions: first?.values.length ?? 0,
    model: first?.model ?? '',
    cache: made.map(({ cache }) => cache),
    ...(usages.length === 0 ? {} : { usage: { inputTokens, outputTokens: 0 } }),
  };
}

/**
 * Runs batches concurrently. Splits one that is too large for the provider. After any other failure, starts no new batch but completes
 * those in progress, as they are paid for.
 */
async function eachBatch(
  batches: readonly (readonly string[])[],
  bound: BatchBound,
  work: (batch: readonly string[]) => Promise<void>,
): Promise<void> {
  const waiting = [...batches];
  const failures: unknown[] = [];
  function next(): readonly string[] | undefined {
    const batch = waiting.shift();
    if (batch === undefined || batch.length <= bound.most) return batch;
    waiting.unshift(batch.slice(bound.most));
    return batch.slice(0, bound.most);
  }
  async function worker(): Promise<void> {
    for (let batch = next(); batch !== undefined; batch = next()) {
      if (failures.length > 0) return;
      try {
        await work(batch);
      } catch (error) {
        if (batch.length === 1 || !isTooMany(error)) failures.push(error);
        else {
          bound.most = Math.min(bound.most, Math.floor(batch.length / 2));
          waiting.unshift(batch);
        }
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, batches.length) }, worker));
  if (failures.length > 0) throw failures[0];
}

/**
 * Whether a provider accepts fewer inputs per request. Each words that error differently, and none reports its limit in advance.
 */
function isTooMany(error: unknown): boolean {
  if (!AiError.isInstance(error) || error.code !== 'AI_PROVIDER') return false;
  const { status, message } = error;
  return status === 413 || ((status === 400 || status === 422) && /\bbatch/i.test(message));
}

function emptyInput(index: number): AiError {
  return new AiError('AI_REQUEST_INVALID', `Input ${index} is empty.`, {
    hint: 'Leave empty texts out: they have no meaning that a vector could hold.',
  });
}

function notCached(missing: number, all: number): AiError {
  return new AiError(
    'AI_NOT_CACHED',
    `${missing} of ${all} vectors are not stored, and the call forbids asking.`,
    {
      hint: 'Ask once without only-if-cached to have them stored.',
    },
  );
}
