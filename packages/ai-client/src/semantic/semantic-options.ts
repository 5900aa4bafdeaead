import { checkNames } from '../check.js';

/** Returns the vectors of texts, one per text, in order. A failure is a miss of the semantic cache, and never fails the call. */
export type EmbedTexts = (
  texts: readonly string[],
  signal: AbortSignal,
) => Promise<readonly ArrayLike<number>[]>;

/** An embedding model of a provider. */
export interface EmbeddingModel {
  readonly model: string;
  /** Length of the vectors, for models that can shorten them. Default: the model's. */
  readonly dimensions?: number;
}

/**
 * Answers a question with the stored answer to a reworded one. Off unless these options are given, since at any threshold an answer may
 * belong to a different question.
 */
export interface SemanticOptions {
  /**
   * Source of the vectors: the name of a model, looked up among the pipeline's providers like any other and called through the pipeline, or
   * a function. A function's vectors are not stored beyond the process, since another function would return others.
   */
  readonly embed: string | EmbeddingModel | EmbedTexts;
  /** Minimum cosine similarity for two questions to share an answer, above 0 and up to 1; `false` turns it off. Default 0.95. */
  readonly threshold?: number | false;
  /** The same for individual namespaces (`cache.namespace` of a request). */
  readonly namespaces?: Readonly<Record<string, number | false>>;
  /** Maximum number of questions remembered; each takes 4 bytes per dimension. Default 5,000. */
  readonly maxEntries?: number;
  /** Longest question, characters: in a long text, a difference that matters hardly changes the vector. Default 2,000. */
  readonly maxTextLength?: number;
  /** Longest wait for a vector, ms. Default 300. */
  readonly timeoutMs?: number;
}

export interface CheckedSemanticOptions {
  readonly embed: EmbeddingModel | EmbedTexts;
  readonly maxEntries: number;
  readonly maxTextLength: number;
  readonly timeoutMs: number;
  /** Minimum similarity in a namespace; `undefined` if the semantic cache is off there. */
  thresholdOf(namespace: string | undefined): number | undefined;
}

const defaultThreshold = 0.95;

const known: Record<keyof SemanticOptions, true> = {
  embed: true,
  threshold: true,
  namespaces: true,
  maxEntries: true,
  maxTextLength: true,
  timeoutMs: true,
};
const knownOfModel: Record<keyof EmbeddingModel, true> = { model: true, dimensions: true };

/** Throws a `TypeError` or `RangeError` that names the first invalid option. */
export function checkSemanticOptions(options: SemanticOptions): CheckedSemanticOptions {
  checkNames('semantic', options, known);
  const { embed, threshold = defaultThreshold, namespaces = {} } = options;
  const { maxEntries = 5_000, maxTextLength = 2_000, timeoutMs = 300 } = options;
  checkThreshold('semantic.threshold', threshold);
  for (const [name, value] of Object.entries(namespaces))
    checkThreshold(`semantic.namespaces[${JSON.stringify(name)}]`, value);
  checkCount('semantic.maxEntries', maxEntries);
  checkCount('semantic.maxTextLength', maxTextLength);
  if (!(timeoutMs > 0)) throw new RangeError(`semantic.timeoutMs must be above 0, got ${timeoutMs}`);
  const thresholds = new Map(Object.entries(namespaces));
  return {
    embed: checkEmbed(embed),
    maxEntries,
    maxTextLength,
    timeoutMs,
    thresholdOf: (namespace) => {
      const own = namespace === undefined ? undefined : thresholds.get(namespace);
      return (own ?? threshold) || undefined;
    },
  };
}

function checkEmbed(embed: SemanticOptions['embed']): EmbeddingModel | EmbedTexts {
  if (typeof embed === 'function') return embed;
  const spoken = typeof embed === 'string' ? { model: embed } : embed;
  if (typeof spoken?.model !== 'string' || spoken.model === '')
    throw new TypeError(
      `semantic.embed must be a function or name a model for embeddings, got ${JSON.stringify(embed)}`,
    );
  checkNames('semantic.embed', spoken, knownOfModel);
  if (spoken.dimensions !== undefined) checkCount('semantic.embed.dimensions', spoken.dimensions);
  return spoken;
}

function checkThreshold(name: string, value: number | false): void {
  if (value !== false && !(value > 0 && value <= 1))
    throw new RangeError(`${name} must be false or above 0 and up to 1, got ${String(value)}`);
}

function checkCount(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`${name} must be a whole number above 0, got ${String(value)}`);
}
