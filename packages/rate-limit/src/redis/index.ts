export type { LimitStore } from '../shared/limit-store.js';
export { redisKey } from './redis-key.js';
export { redisLimitStore } from './redis-limit-store.js';
export type { RedisClient, RedisConnection, RedisLimitStoreOptions } from './redis-options.js';
export { openRedisScripts, type RedisScript, type RedisScripts, redisScript } from './redis-scripts.js';
