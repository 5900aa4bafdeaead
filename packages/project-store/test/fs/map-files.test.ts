import { describe, expect, it } from 'vitest';
import { mapFiles } from '../../src/fs/map-files.js';

const items = Array.from({ length: 2_000 }, (_, n) => n);

function record(slowness: number): { work: Parameters<typeof mapFiles<number, number>>[2]; waits: number[] } {
  const waits: number[] = [];
  const spin = (): void => {
    const until = performance.now() + slowness;
    while (performance.now() < until);
  };
  return {
    waits,
    work: {
      now(item) {
        if (slowness > 0) spin();
        return item;
      },
      async later(item) {
        waits.push(item);
        return item;
      },
    },
  };
}

describe('mapFiles', () => {
  it('does quick work at once, in order', async () => {
    const { work, waits } = record(0);
    expect(await mapFiles(items, true, work)).toEqual(items);
    expect(waits).toEqual([]);
  });

  it('waits for many at once when a disk is slow', async () => {
    const { work, waits } = record(1);
    let reads = 0;
    expect(
      await mapFiles(items, true, work, () => {
        reads += 1_000;
        return reads;
      }),
    ).toEqual(items);
    expect(waits.length).toBeGreaterThan(1_900);
  });

  it('does not blame the disk for a busy machine', async () => {
    const { work, waits } = record(1);
    expect(await mapFiles(items.slice(0, 300), true, work, () => 0)).toEqual(items.slice(0, 300));
    expect(waits).toEqual([]);
  });

  it('never blocks on a disk that is not here', async () => {
    const { work, waits } = record(0);
    expect(await mapFiles(items, false, work)).toEqual(items);
    expect(waits).toEqual(items);
  });

  it('lets others run', async () => {
    const { work } = record(0);
    let turns = 0;
    const other = setInterval(() => {
      turns += 1;
    }, 0);
    await mapFiles(
      Array.from({ length: 200_000 }, (_, n) => n),
      true,
      work,
    );
    clearInterval(other);
    expect(turns).toBeGreaterThan(0);
  });

  it('has nothing to do with nothing', async () => {
    expect(await mapFiles([], true, record(0).work)).toEqual([]);
  });
});
