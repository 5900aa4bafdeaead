import { randomBytes } from 'node:crypto';
import { createCache } from '../../src/index.js';
import { diskFromArguments } from '../support/driver.js';

// Writes more than fits on the disk, with a bound larger than the disk, and reports the result.
const options = diskFromArguments();
let time = Date.now();
const cache = createCache<Buffer>({
  disk: { ...options, maxBytes: 2 ** 30 },
  memory: { maxBytes: 2 ** 20 },
  clock: { now: () => time },
});
const rejected: string[] = [];
process.on('unhandledRejection', (reason) => rejected.push(String(reason)));
let wrong = 0;
for (let round = 0; round < 40; round += 1) {
  const values = Array.from({ length: 50 }, () => randomBytes(10_000));
  await Promise.all(values.map((value, index) => cache.set(`key ${round} ${index}`, value)));
  const last = await cache.getOrSet(`key ${round} 49`, () => Buffer.alloc(0));
  if (Buffer.compare(last, values[49] ?? Buffer.alloc(0)) !== 0) wrong += 1;
}
const disk = cache.stats().tiers[1];
// The breaker closes again with time, which the script controls.
let readBack = 0;
for (let round = 0; round < 40; round += 1) {
  time += 60_000;
  await cache.set(`after ${round}`, randomBytes(10_000));
}
const reader = createCache<Buffer>({ disk: options, memory: false });
for (let round = 0; round < 40; round += 1) if (await reader.get(`after ${round}`)) readBack += 1;
await reader.close();
const after = cache.stats().tiers[1]?.state;
await cache.close();
process.stdout.write(
  `${JSON.stringify({ wrong, rejected, errors: disk?.errors, reason: disk?.reason, state: disk?.state, after, readBack })}\n`,
);
