import { createInterface } from 'node:readline';
import { createCache } from '../../../src/index.js';

// Executes commands on a cache on Redis, one per line, and prints the results.
const cache = createCache<string>({
  shared: { url: process.argv[2] ?? '', commandTimeoutMs: 5000, connectTimeoutMs: 5000 },
});
await cache.ready();
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const [what = '', namespace = '', key = '', value = ''] = line.split(' ');
  const space = cache.withNamespace(namespace);
  if (what === 'set') await space.set(key, value, { tags: [`tag-${key}`] });
  else if (what === 'delete') await space.delete(key);
  else if (what === 'clear') await space.clear(key === '' ? {} : { tag: key });
  console.log(`done ${line}`);
}
await cache.close();
