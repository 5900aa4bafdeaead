import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCache } from '../../src/index.js';
import { drivers } from '../support/driver.js';
import { runScript } from '../support/run-script.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** `CORE_CACHE_KILL_ROUNDS=200` for the long form. */
const ROUNDS = Number(process.env.CORE_CACHE_KILL_ROUNDS ?? 6);

/** LMDB says on stderr that its list of free pages is wrong; the transaction is then made again, with a new list. */
const retried = 'mdb_page_touch error\n';

describe.each(drivers)('kill -9 while two processes write (%s)', (driver) => {
  it(`leaves a file that opens and holds only whole and right entries, ${ROUNDS} times over`, async () => {
    const path = await temporaryDirectory();
    for (let round = 0; round < ROUNDS; round += 1) {
      const writers = ['a', 'b'].map((name) =>
        runScript('write-without-end.ts', path, driver, `${name}${round}`),
      );
      await Promise.all(writers.map((writer) => writer.line('ready')));
      await new Promise((resolve) => setTimeout(resolve, 20 + ((round * 37) % 100)));
      for (const writer of writers) writer.process.kill('SIGKILL');
      for (const writer of writers) {
        expect(await writer.ended).toBe('SIGKILL');
        expect(writer.output().replaceAll(retried, '')).toBe('ready\n');
      }
      await using cache = createCache<string>({ disk: { path, driver }, memory: false });
      let found = 0;
      for await (const { key } of cache.entries()) {
        const looked = await cache.lookup(key);
        expect(looked).toMatchObject({ status: 'hit', value: expect.stringMatching(`^${key}\\|.*\\|end$`) });
        found += 1;
      }
      expect(found).toBeGreaterThan(0);
      await cache.set('after', 'after|all|end');
      const [disk] = cache.stats().tiers;
      expect(disk).toMatchObject({ state: 'ready', corrupt: 0, errors: 0 });
      expect(disk?.reason).toBeUndefined();
    }
  }, 600_000);
});

describe('a reader that was killed', () => {
  it('does not keep the file growing', async () => {
    const path = await temporaryDirectory();
    const maxBytes = 2 * 2 ** 20;
    await using cache = createCache<string>({ disk: { path, maxBytes }, memory: false });
    await cache.set('k', 'v');
    const reader = runScript('hold-reader.ts', path);
    await reader.line('holding');
    reader.process.kill('SIGKILL');
    await reader.ended;
    for (let round = 0; round < 1500; round += 1)
      await cache.set(`key ${round % 200}`, `${round} `.repeat(2000));
    expect(statSync(join(path, 'cache-2.mdb')).size).toBeLessThan(maxBytes * 3);
  }, 60_000);
});
