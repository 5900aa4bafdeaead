import { createCache } from '../../src/index.js';

// Says when its writes are settled, then waits to be killed.
const path = process.argv[2] ?? '';
const cache = createCache<string>({ disk: { path } });
for (let index = 0; index < 20; index += 1) await cache.set(`key ${index}`, `value ${index} `.repeat(1000));
console.log('settled');
setInterval(() => {}, 60_000);
