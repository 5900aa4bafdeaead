import { createCache } from '../../../src/index.js';

// Uses Redis and ends without closing: nothing may keep the process alive, or end it before Redis has answered.
const cache = createCache<string>({
  memory: false,
  shared: { url: process.argv[2] ?? '', commandTimeoutMs: 5000, connectTimeoutMs: 5000 },
});
await cache.set('k', 'written');
await cache.getOrSet('l', () => 'loaded');
console.log(`${await cache.get('k')} ${await cache.get('l')}`);
