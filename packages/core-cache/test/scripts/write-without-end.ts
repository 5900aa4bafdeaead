import { createCache } from '../../src/index.js';
import { diskFromArguments } from '../support/driver.js';

// Writes, overwrites, deletes and reads until killed. Values show whether they are whole.
const disk = diskFromArguments();
const name = process.argv[4] ?? '';
const cache = createCache<string>({ disk: { ...disk, maxBytes: 4 * 2 ** 20 }, memory: false });
await cache.ready();
// Ensures that there is an entry, however soon the process is killed.
await cache.set('first', 'first|by all|end');
console.log('ready');
for (let round = 0; ; round += 1) {
  const writes = Array.from({ length: 20 }, async (_, index) => {
    const key = `key ${(round * 7 + index) % 300}`;
    if (index === 13) return cache.delete(key);
    return cache.set(key, `${key}|${`${name} ${round} `.repeat(50 + ((round + index) % 400))}|end`);
  });
  await Promise.all(writes);
  const found = await cache.get(`key ${round % 300}`);
  if (found !== undefined && !found.startsWith(`key ${round % 300}|`)) console.log('WRONG');
}
