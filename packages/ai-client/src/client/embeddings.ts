import type { CacheOutcome, TokenUsage } from '../call-record.js';
import type { CallOptions } from './ai-client.js';

export interface EmbedOptions extends CallOptions {
  /** Length of the vectors, for models that can shorten them. Default: the model's. */
  readonly dimensions?: number;
}

/** Vectors of texts. */
export interface Embeddings {
  /** One per input, in order. */
  readonly vectors: readonly Float32Array[];
  /** Length of each vector; 0 without inputs. */
  readonly dimensions: number;
  /** Model that answered, as the provider names it. */
  readonly model: string;
  /** How each vector was found, in the order of the inputs. */
  readonly cache: readonly CacheOutcome[];
  /** Tokens of the inputs sent to the provider in this call; absent if none were sent or the provider did not report usage. */
  readonly usage?: TokenUsage;
}
