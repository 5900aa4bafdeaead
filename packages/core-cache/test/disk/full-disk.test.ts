import { describe, expect, it } from 'vitest';
import { drivers } from '../support/driver.js';
import { runLimitedScript } from '../support/run-script.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

describe.runIf(process.platform === 'linux')('a disk without room', () => {
  it.each(drivers)(
    '(%s) costs entries and nothing else',
    async (driver) => {
      // A bound on the size of files stands in for the end of the disk: writes fail halfway in the same manner.
      const script = runLimitedScript(
        { fileBlocks: 8000 },
        'fill-disk.ts',
        await temporaryDirectory(),
        driver,
      );
      expect(await script.ended).toBe(0);
      const report = JSON.parse(script.output());
      expect(report).toMatchObject({ wrong: 0, rejected: [], state: 'read-only' });
      expect(report.errors).toBeGreaterThan(0);
      expect(report.reason).toContain('could not write');
      // SQLite's journal needs room to give up entries, too: it stays readable and waits for room.
      if (driver === 'lmdb') expect(report).toMatchObject({ after: 'ready', readBack: 40 });
    },
    60_000,
  );
});
