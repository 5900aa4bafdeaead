import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { createCache } from '../../src/index.js';

// A disk with three blocks left, on which LMDB would end the process with SIGBUS.
fs.statfsSync = ((): object => ({ bavail: 3, bsize: 4096 })) as unknown as typeof fs.statfsSync;
syncBuiltinESMExports();
const [, , path = ''] = process.argv;
await using cache = createCache<string>({ disk: { path }, memory: false });
const value = await cache.getOrSet('key', () => 'loaded');
console.log(JSON.stringify({ value, files: fs.readdirSync(path), tiers: cache.stats().tiers }));
