import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { createProjectStore } from '../src/index.js';
import { projectStoreConformance } from '../src/testing/index.js';
import { spawnChild } from './processes/spawn-child.js';

describe('store of folders', () => {
  const cases = projectStoreConformance({
    folders: true,
    async createPlace() {
      const root = await realpath(await mkdtemp(join(tmpdir(), 'project-store-conformance-')));
      return {
        open: (clock) => createProjectStore({ root, clock }),
        damage: ({ path }) => writeFile(join(path, 'project.json'), '{"schemaVersion": 1,'),
        async lockAndDie({ id }, stage) {
          const child = spawnChild(root, 'hold', id, JSON.stringify(stage));
          await child.said('holding');
          await child.kill();
        },
        [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true, maxRetries: 5 }),
      };
    },
  });
  for (const { name, run } of cases) it(name, run);
});
