import { configDefaults, defineConfig } from 'vitest/config';

/** It puts other modules in the place of those that are there. */
const alone = ['test/semantic/exact-search.test.ts'];

/**
 * Some of these tests start processes or draw many cases, and a loaded machine takes its time for that. Files share what they load: a
 * third of the time went into loading it anew for each.
 */
export default defineConfig({
  test: {
    testTimeout: 30_000,
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        test: { name: 'shared', isolate: false, exclude: [...configDefaults.exclude, ...alone] },
      },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
  },
});
