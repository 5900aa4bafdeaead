import { once } from 'node:events';
import type { Cache } from '../../src/index.js';

/** For scripts: waits for a line on stdin, then requests one key a thousand times at once, and prints the number of loads. */
export async function loadOnce(cache: Cache<string>): Promise<void> {
  await cache.ready();
  console.log('ready');
  await once(process.stdin, 'data');
  let loads = 0;
  const load = async () => {
    loads += 1;
    await new Promise((resolve) => setTimeout(resolve, 150));
    return `by ${process.pid}`;
  };
  const values = new Set(await Promise.all(Array.from({ length: 1000 }, () => cache.getOrSet('k', load))));
  console.log(JSON.stringify({ loads, values: [...values] }));
  await cache.close();
  process.stdin.pause();
}
