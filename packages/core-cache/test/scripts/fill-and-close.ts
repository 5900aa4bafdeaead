import { createCache } from '../../src/index.js';
import { diskFromArguments } from '../support/driver.js';
import { sizedKeys, sizedValue } from '../support/sized-entries.js';

// Leaves a closed file with entries of many sizes, and free pages between them.
const cache = createCache<string>({ disk: diskFromArguments(), memory: false });
for (let round = 0; round < 3; round += 1) {
  await Promise.all(sizedKeys.map((key) => cache.set(key, sizedValue(key), { tags: [`round ${round}`] })));
  await cache.flush();
  await Promise.all(sizedKeys.filter((_, at) => at % 3 === round).map((key) => cache.delete(key)));
}
await cache.clear({ tag: 'round 0' });
await cache.close();
