export { type CacheDirectives, readCacheDirectives } from './cache-directives.js';
export type { CacheOutcome, CallPart, CallRecord, CallStatus, TokenUsage } from './call-record.js';
export type { CassetteMode, CassetteOptions } from './cassettes/cassettes.js';
export {
  type CassetteExport,
  type ExportCassettesOptions,
  exportCassettes,
} from './cassettes/export-cassettes.js';
export {
  type CassetteImport,
  type ImportCassettesOptions,
  importCassettes,
} from './cassettes/import-cassettes.js';
export type { CassetteProblem } from './cassettes/report.js';
export type {
  AiClient,
  BaseAiClient,
  CacheMode,
  CallOptions,
  GenerateOptions,
  Generation,
  GenerationEvent,
} from './client/ai-client.js';
export { type CachedAiClientOptions, createCachedAiClient } from './client/cached-ai-client.js';
export type { CachedAnswer } from './client/cached-answer.js';
export type { FunctionCall, FunctionDefinition, FunctionOptions } from './client/call-function.js';
export { type AiClientOptions, type ClosableAiClient, createAiClient } from './client/create-ai-client.js';
export type { Embeddings, EmbedOptions } from './client/embeddings.js';
export type { GenerateJsonOptions, JsonGeneration } from './client/generate-json.js';
export type {
  AssistantMessage,
  Message,
  MessagePart,
  Prompt,
  SystemMessage,
  ToolCall,
  ToolMessage,
  UserMessage,
} from './client/message.js';
export type { CheckedJsonSchema, Schema, SchemaOutput } from './client/schema.js';
export type { JsonSchema, ResponseFormat, Tool, ToolChoice } from './client/tool.js';
export type { Entry, EntryMetadata, KeptScope } from './entry.js';
export { entryCodec } from './entry-codec.js';
export { AiError, type AiErrorCode, type AiErrorOptions } from './errors.js';
export type {
  Exchange,
  ExchangeEnd,
  ExchangeFacts,
  ExchangeHead,
  ExchangeRequest,
  ExchangeSink,
} from './exchange.js';
export { type Comparison, type Difference, describeDifference } from './explain/difference.js';
export type { DifferenceClass } from './explain/difference-class.js';
export type {
  ExplainedEntry,
  ExplainedScope,
  ExplainedTarget,
  ExplainOptions,
  Explanation,
} from './explain/explanation.js';
export type { NearestEntry, NearestSearch } from './explain/nearest.js';
export { withoutSecrets } from './explain/secrets.js';
export { type ShownEntry, showEntry } from './explain/show-entry.js';
export type { TextVariation } from './explain/text-variation.js';
export { type Failure, toFailure } from './failure.js';
export { withoutMember } from './json-member.js';
export type { Miss, MissCause, MissDifference, MissReport } from './misses/miss.js';
export { createPipeline, type Pipeline, type PipelineStats } from './pipeline.js';
export type { PipelineOptions } from './pipeline-options.js';
export { type AzureProviderOptions, azureProvider } from './providers/azure.js';
export {
  anthropicProvider,
  type OpenaiAccount,
  openaiProvider,
  providersFromEnvironment,
} from './providers/from-environment.js';
export { type OllamaProviderOptions, ollamaProvider } from './providers/ollama.js';
export type { Provider } from './providers/provider.js';
export type { ModelRoute, RouteTarget } from './routing/model-route.js';
export { createRouter, type Router, type SkippedUpstream, type Upstream } from './routing/router.js';
export type { EmbeddingModel, EmbedTexts, SemanticOptions } from './semantic/semantic-options.js';
export type { SemanticLookupMessage } from './semantic/semantic-search.js';
export type { AnswerCommitMessage } from './steps/commit.js';
export type { CountTokensRequest, TokenCount } from './steps/count-tokens.js';
export type { LimitedUpstream } from './steps/limit-name.js';
export type { AttemptEvent } from './steps/observed.js';
export { maxModelLength } from './steps/read-request.js';
export type { SecondChances } from './steps/second-chances.js';
export { tenantTag } from './steps/tags.js';
export type { Surface } from './surface.js';
export type { SurfaceAdapter } from './surfaces/adapter.js';
export { surfaceAdapter } from './surfaces/registry.js';
