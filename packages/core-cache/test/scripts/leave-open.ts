import { createCache } from '../../src/index.js';

// Uses both tiers and ends without closing: nothing may keep the process alive.
const path = process.argv[2] ?? '';
const cache = createCache<string>({ disk: { path }, staleWhileRevalidateMs: 1000 });
await cache.set('k', 'written');
await cache.getOrSet('l', () => 'loaded');
console.log(`${await cache.get('k')} ${await cache.get('l')}`);
