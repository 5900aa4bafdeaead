import { describe, expect, it } from 'vitest';
import { DiskCounters } from '../../src/disk/disk-counters.js';
import { openLmdb } from '../../src/disk/lmdb/open-lmdb.js';
import { openSqlite } from '../../src/disk/sqlite/open-sqlite.js';
import { createCache } from '../../src/index.js';
import { drivers } from '../support/driver.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const MAX_BYTES = 2 ** 22;

describe.each(drivers)('the counters of a disk tier (%s)', (driver) => {
  it('are what counting all entries comes to, and new entries come after those that are there', async () => {
    const path = await temporaryDirectory();
    const options = { memory: false, ownerTag: 'of:', disk: { path, maxBytes: MAX_BYTES, driver } } as const;
    const cache = createCache<string>(options);
    for (let count = 0; count < 300; count += 1) {
      const value = 'x'.repeat((count % 30) ** 3);
      await cache.set(`key ${count % 200}`, value, { tags: [`of:${count % 3}`] });
      if (count % 7 === 0) await cache.delete(`key ${count - 3}`);
    }
    await cache.close();

    const open = driver === 'lmdb' ? openLmdb : openSqlite;
    const file = await open(path, { now: () => Date.now() }, MAX_BYTES);
    const kept = DiskCounters.load(file.trees, 'of:');
    const { meta } = file.trees;
    const ownersInFile = () => [...meta.getRange({ start: 'owner:', end: 'owner;' })];
    const owners = ownersInFile();
    const totals = meta.get('owners');
    expect(owners.map(({ key }) => key)).toEqual(['owner:of:0', 'owner:of:1', 'owner:of:2']);
    expect(totals).toEqual({ owners: 3, bytes: kept.bytes });
    const inOneRow = owners.map(({ key, value }) => [key.slice('owner:'.length), value]);
    // As the owners were kept in earlier versions: not at all, and in one row.
    for (const earlier of [undefined, inOneRow]) {
      file.transaction(() => {
        meta.removeSync('counters');
        meta.removeSync('owners');
        if (earlier !== undefined) meta.putSync('owners', earlier);
        meta.putSync('owner:of:0', 1);
        meta.putSync('owner:of:gone', 1);
        const counted = DiskCounters.load(file.trees, 'of:');
        expect([counted.bytes, counted.entries]).toEqual([kept.bytes, kept.entries]);
        counted.owners?.hasNoMoreThanPart([]);
        counted.save(file.trees);
      });
      expect(ownersInFile()).toEqual(owners);
      expect(meta.get('owners')).toEqual(totals);
    }
    await file.close();

    await using again = createCache<string>(options);
    await again.set('after', 'all');
    expect(await again.get('after')).toBe('all');
    expect(again.stats().tiers[0]).toMatchObject({ errors: 0, entries: kept.entries + 1 });
  });
});
