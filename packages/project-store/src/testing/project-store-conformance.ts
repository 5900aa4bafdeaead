import type { Bench, Checks, ConformanceCase, ProjectStoreHarness } from './conformance-case.js';
import { folderChecks, noFolderChecks } from './folder-checks.js';
import { importChecks } from './import-checks.js';
import { listChecks } from './list-checks.js';
import { projectChecks } from './project-checks.js';
import { runChecks } from './run-checks.js';
import { stageChecks } from './stage-checks.js';
import { watchChecks } from './watch-checks.js';

/**
 * The contract of `WatchableProjectStore` as runnable checks, for any test runner:
 *
 * ```ts
 * for (const { name, run } of projectStoreConformance(harness)) it(name, run);
 * ```
 */
export function projectStoreConformance(harness: ProjectStoreHarness): readonly ConformanceCase[] {
  const checks: Checks = {
    ...projectChecks,
    ...listChecks,
    ...stageChecks,
    ...runChecks,
    ...watchChecks,
    ...importChecks,
    ...(harness.folders ? folderChecks : noFolderChecks),
  };
  return Object.entries(checks).map(([name, check]) => ({
    name,
    async run(): Promise<void> {
      await using place = await harness.createPlace();
      let now = 1_800_000_000_000;
      const clock = (): number => {
        now += 1000;
        return now;
      };
      await using store = await place.open(clock);
      await using other = await place.open(clock);
      const bench: Bench = {
        store,
        other,
        place,
        setClock: (at) => {
          now = at;
        },
      };
      await check(bench);
    },
  }));
}
