import { getHeapStatistics } from 'node:v8';
import { boundHeapGrowth } from '../../src/bound-heap-growth.js';

/** Keeps a list of objects and replaces all of them 7 times, oldest first; prints how large the heap became, bytes. */
if (process.argv[2] === 'bounded') boundHeapGrowth();
const kept: { text: string }[] = [];
const size = 200_000;
let largest = 0;
for (let made = 0; made < 8 * size; made += 2000) {
  for (let index = made; index < made + 2000; index += 1) kept[index % size] = { text: `answer ${index}` };
  largest = Math.max(largest, getHeapStatistics().used_heap_size);
  // V8 does part of its collecting between turns of the event loop.
  await new Promise((resolve) => setTimeout(resolve, 1));
}
process.stdout.write(String(largest));
