import { checkNames, show } from '../check.js';
import type { CallOptions, GenerateOptions } from './ai-client.js';
import type { FunctionOptions } from './call-function.js';
import { checkCall, checkGeneration } from './check-call.js';
import type { EmbedOptions } from './embeddings.js';
import type { GenerateJsonOptions } from './generate-json.js';

/** The options of each method. */
interface MethodOptions {
  readonly generate: GenerateOptions;
  readonly generateStreaming: GenerateOptions;
  readonly explain: GenerateOptions;
  readonly generateJson: GenerateJsonOptions;
  readonly callFunction: FunctionOptions;
  readonly embed: EmbedOptions;
}

type Method = keyof MethodOptions;

type Names<O> = Record<keyof O, true>;

const every: Names<CallOptions> = {
  model: true,
  priority: true,
  timeoutMs: true,
  idleTimeoutMs: true,
  signal: true,
  cache: true,
  labels: true,
};

const generation: Names<Omit<FunctionOptions, 'repairs'>> = {
  ...every,
  system: true,
  maxTokens: true,
  temperature: true,
  topP: true,
  stop: true,
  seed: true,
};

const plain: Names<GenerateOptions> = {
  ...generation,
  tools: true,
  toolChoice: true,
  parallelToolCalls: true,
  responseFormat: true,
};

const known: { readonly [M in Method]: Names<MethodOptions[M]> } = {
  generate: plain,
  generateStreaming: plain,
  explain: plain,
  generateJson: { ...generation, schemaName: true, format: true, strict: true, repairs: true },
  callFunction: { ...generation, repairs: true },
  embed: { ...every, dimensions: true },
};

/** Throws a `TypeError` or `RangeError` that names the first unknown or invalid option of a method. */
export function checkOptions<M extends Method>(method: M, options: MethodOptions[M]): void {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`options of ${method} must be an object, got ${show(options)}`);
  checkNames<MethodOptions[M]>(method, options, known[method]);
  checkCall(options);
  if (method !== 'embed') checkGeneration(options);
}
