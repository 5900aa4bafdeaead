export type { CacheOutcome, CallRecord, CallStatus, TokenUsage } from './call-record.js';
export type {
  AiClient,
  CacheMode,
  GenerateOptions,
  Generation,
  GenerationEvent,
  Message,
} from './client/ai-client.js';
export type { Surface } from './surface.js';
