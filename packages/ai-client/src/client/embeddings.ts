import type { CacheOutcome, TokenUsage } from '../call-record.js';
import type { CallOptions } from './ai-client.js';

export interface EmbedOptions extends CallOptions {
  /** Length of the vectors, for models that can shorten them. Default: the model's. */
  readonly dimensions?: number;
}

/** Vectors of texts. */
export interface Embeddings {
  /** One for each input, in its order. */
  readonly vectors: readonly Float32Array[];
  /** Length of each vector; 0 without inputs. */
  readonly dimensions: number;
  /** Model that answered, as the provider names it. */
  readonly model: string;
  /** Where each vector came from, in the order of the inputs. */
  readonly cache: readonly CacheOutcome[];
  /** Tokens of the inputs that the provider was asked for now; absent when it was not asked, or did not tell. */
  readonly usage?: TokenUsage;
}
