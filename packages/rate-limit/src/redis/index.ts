export type { LimitStore } from '../shared/limit-store.js';
export { redisLimitStore } from './redis-limit-store.js';
export type { RedisClient, RedisConnection, RedisLimitStoreOptions } from './redis-options.js';
