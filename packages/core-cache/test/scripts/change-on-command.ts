import { createInterface } from 'node:readline';
import { createCache } from '../../src/index.js';
import { diskFromArguments } from '../support/driver.js';

// Executes commands on the cache, one per line, and reports when each is done.
const cache = createCache<string>({ disk: diskFromArguments() });
await cache.ready();
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const [what, key = '', value = ''] = line.split(' ');
  if (what === 'set') await cache.set(key, value);
  else if (what === 'delete') await cache.delete(key);
  else if (what === 'clear') await cache.clear(key === '' ? {} : { tag: key });
  else if (what === 'many')
    await Promise.all(Array.from({ length: 9000 }, (_, index) => cache.set(`many ${index}`, value)));
  console.log(`done ${line}`);
}
await cache.close();
