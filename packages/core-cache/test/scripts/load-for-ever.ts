import { createCache } from '../../src/index.js';
import { diskFromArguments } from '../support/driver.js';

// Begins a load that never ends.
const cache = createCache<string>({ disk: diskFromArguments() });
await cache.getOrSet('k', () => {
  console.log('loading');
  return new Promise<string>(() => setInterval(() => {}, 60_000));
});
