import { createCache } from '../../src/index.js';

// Begins a load that never ends.
const cache = createCache<string>({ disk: { path: process.argv[2] ?? '' } });
await cache.getOrSet('k', () => {
  console.log('loading');
  return new Promise<string>(() => setInterval(() => {}, 60_000));
});
