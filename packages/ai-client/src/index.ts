export { type CacheDirectives, readCacheDirectives } from './cache-directives.js';
export type { CacheOutcome, CallRecord, CallStatus, TokenUsage } from './call-record.js';
export type {
  AiClient,
  CacheMode,
  GenerateOptions,
  Generation,
  GenerationEvent,
  Message,
} from './client/ai-client.js';
export { type AiClientOptions, createAiClient } from './client/create-ai-client.js';
export { type Entry, type EntryMetadata, entryCodec } from './entry.js';
export { AiError, type AiErrorCode, type AiErrorOptions } from './errors.js';
export type { Exchange, ExchangeEnd, ExchangeHead, ExchangeRequest, ExchangeSink } from './exchange.js';
export { type Failure, toFailure } from './failure.js';
export { createPipeline, type Pipeline, type PipelineOptions, type PipelineStats } from './pipeline.js';
export { anthropicProvider, openaiProvider, providersFromEnvironment } from './providers/from-environment.js';
export type { Provider } from './providers/provider.js';
export type { ModelRoute, RouteTarget } from './routing/model-route.js';
export type { AnswerCommitMessage } from './steps/commit.js';
export type { Surface } from './surface.js';
export type { SurfaceAdapter } from './surfaces/adapter.js';
export { surfaceAdapter } from './surfaces/registry.js';
