import { createCache } from '../../src/index.js';
import { diskFromArguments } from '../support/driver.js';

// Uses both tiers and ends without closing: nothing may keep the process alive.
const disk = diskFromArguments();
const cache = createCache<string>({ disk, staleWhileRevalidateMs: 1000 });
await cache.set('k', 'written');
await cache.getOrSet('l', () => 'loaded');
console.log(`${await cache.get('k')} ${await cache.get('l')}`);
