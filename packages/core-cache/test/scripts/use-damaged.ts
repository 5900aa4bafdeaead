import { createCache } from '../../src/index.js';
import { diskFromArguments } from '../support/driver.js';
import { sizedKeys, sizedValue } from '../support/sized-entries.js';

// Reads everything in a file that may be damaged, overwrites it repeatedly, and reports what it found.
let time = Date.now();
const cache = createCache<string>({
  disk: diskFromArguments(),
  memory: false,
  clock: { now: () => time },
});
let found = 0;
for (const key of sizedKeys) {
  const value = await cache.get(key);
  if (value === undefined) continue;
  if (value !== sizedValue(key)) console.log(`WRONG ${key}`);
  found += 1;
}
for await (const { key } of cache.entries()) await cache.lookup(key);
for (let round = 0; round < 4; round += 1) {
  await Promise.all(sizedKeys.map((key) => cache.set(key, sizedValue(key))));
  await cache.flush();
  await Promise.all(sizedKeys.filter((_, at) => at % 2 === round % 2).map((key) => cache.delete(key)));
  // Past any pause of the tier after failures.
  time += 120_000;
}
await cache.set('key 7', sizedValue('key 7'));
if ((await cache.get('key 7')) !== sizedValue('key 7')) console.log('NOTHING KEPT');
const [disk] = cache.stats().tiers;
await cache.close();
console.log(
  JSON.stringify({ found, state: disk?.state, reason: disk?.reason ?? null, corrupt: disk?.corrupt }),
);
