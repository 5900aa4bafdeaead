export { type RedisKeyStoreOptions, redisKeyStore } from './redis-key-store.js';
