import { describe, expect, it } from 'vitest';
import { createCache } from '../../src/index.js';
import { drivers } from '../support/driver.js';
import { runScript } from '../support/run-script.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

describe.each(drivers)('a process with a cache on %s', (driver) => {
  it('ends by itself although the cache is open, and prints nothing of its own', async () => {
    const path = await temporaryDirectory();
    const script = runScript('leave-open.ts', path, driver);
    expect(await script.ended).toBe(0);
    expect(script.output()).toBe('written loaded\n');
    await using cache = createCache<string>({ disk: { path, driver } });
    expect(await cache.get('k')).toBe('written');
    expect(await cache.get('l')).toBe('loaded');
  });

  it('leaves on disk what it had written when it is killed', async () => {
    const path = await temporaryDirectory();
    const script = runScript('write-and-wait.ts', path, driver);
    await script.line('settled');
    script.process.kill('SIGKILL');
    expect(await script.ended).toBe('SIGKILL');
    await using cache = createCache<string>({ disk: { path, driver } });
    for (let index = 0; index < 20; index += 1) {
      expect(await cache.get(`key ${index}`)).toBe(`value ${index} `.repeat(1000));
    }
    expect(cache.stats().tiers[1]).toMatchObject({ state: 'ready', entries: 20, corrupt: 0 });
  });
});
