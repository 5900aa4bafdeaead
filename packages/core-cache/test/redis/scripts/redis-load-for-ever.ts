import { createCache } from '../../../src/index.js';

// Begins a load that never ends.
const cache = createCache<string>({
  shared: { url: process.argv[2] ?? '', commandTimeoutMs: 5000, connectTimeoutMs: 5000 },
});
await cache.getOrSet('k', () => {
  console.log('loading');
  return new Promise<string>(() => setInterval(() => {}, 60_000));
});
