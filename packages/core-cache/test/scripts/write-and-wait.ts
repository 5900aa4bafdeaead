import { createCache } from '../../src/index.js';
import { diskFromArguments } from '../support/driver.js';

// Reports when its writes are settled, then waits to be killed.
const disk = diskFromArguments();
const cache = createCache<string>({ disk });
for (let index = 0; index < 20; index += 1) await cache.set(`key ${index}`, `value ${index} `.repeat(1000));
console.log('settled');
setInterval(() => {}, 60_000);
