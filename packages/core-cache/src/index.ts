export type {
  Cache,
  Claim,
  ClaimOptions,
  ClearOptions,
  EntriesOptions,
  GetOptions,
  GetOrSetOptions,
  Load,
  LoadContext,
  SetOptions,
} from './cache.js';
export { CacheError, type CacheErrorCode, type CacheErrorOptions } from './cache-error.js';
export type { CacheOptions, DiskTierOptions, MemoryTierOptions } from './cache-options.js';
export type {
  CacheStats,
  EntrySummary,
  Found,
  Lookup,
  MissCounts,
  MissReason,
  Resolved,
  TierState,
  TierStats,
} from './cache-types.js';
export type {
  EntryCorruptEvent,
  LoadEndEvent,
  LoadStartEvent,
  LookupEvent,
  TierErrorEvent,
} from './channels.js';
export type { Clock } from './clock.js';
export { type BytesValue, bytesCodec, type Codec, structuredCodec } from './codec.js';
export { createCache } from './create-cache.js';
export type {
  RedisClient,
  RedisConnection,
  RedisTierCommonOptions,
  RedisTierOptions,
} from './redis/redis-options.js';
export type {
  Awaitable,
  Store,
  StoreChanges,
  StoreEntry,
  StoreGetOptions,
  StoreSetOptions,
  StoreStats,
  StoreSummary,
} from './store.js';
