import type { CacheOutcome, TokenUsage } from '../call-record.js';
import { show } from '../check.js';
import { AiError } from '../errors.js';
import type { CacheMode } from './ai-client.js';
import type { Embeddings } from './embeddings.js';
import { splitInputs } from './split-inputs.js';

/** Who made a vector, as records name it. */
export interface Answerer {
  readonly provider: string;
  /** The model as that provider names it. */
  readonly model: string;
}

/** The vector of one text. */
export interface Vector {
  readonly values: Float32Array;
  /** Model that made it. */
  readonly model: string;
  /** Its share of what its batch cost, tokens. */
  readonly inputTokens?: number;
  readonly answerer?: Answerer;
}

/** What a provider answered to a batch. */
export interface VectorBatch {
  /** One for each input, in its order. */
  readonly vectors: readonly Vector[];
  /** Where each came from. */
  readonly cache: readonly CacheOutcome[];
  readonly usage?: TokenUsage;
}

/** Where vectors come from, and where they are kept. */
export interface VectorSource {
  find(input: string): Promise<Vector | undefined>;
  ask(inputs: readonly string[]): Promise<VectorBatch>;
  keep(input: string, vector: Vector): Promise<void>;
  /** How many inputs a call may have, as far as is known; less when more were refused. Default: as many as `splitInputs` gives. */
  readonly batch?: BatchBound;
}

export interface BatchBound {
  most: number;
}

/** Batches that are asked for at once. */
const concurrency = 4;

/**
 * The vectors of texts: the known ones from where they are kept, the others in as few calls as the provider allows, each
 * text once. Every vector is kept by itself, so of a hundred texts of which ninety-nine are known, one is sent.
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
    // What is kept is not given away, and no vector twice: some callers bring theirs to length 1 in place.
    vectors: made.map(({ values }) => values.slice()),
    dimensions: first?.values.length ?? 0,
    model: first?.model ?? '',
    cache: made.map(({ cache }) => cache),
    ...(usages.length === 0 ? {} : { usage: { inputTokens, outputTokens: 0 } }),
  };
}

/**
 * Runs batches side by side. One that is too large for the provider is divided. After another failure no new one is begun, and those
 * under way are kept: they are paid for.
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

/** Whether a provider takes fewer inputs at once: no two tell it alike, and none says how many beforehand. */
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
