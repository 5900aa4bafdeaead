import { expect, it, vi } from 'vitest';

vi.mock('node:module', () => ({
  createRequire: () => () => {
    throw new Error('Cannot find module');
  },
}));

it('says what to install when the package for the search is not there', async () => {
  const { loadExactSearch } = await import('../../src/semantic/exact-search.js');
  expect(loadExactSearch).toThrow(TypeError);
  expect(loadExactSearch).toThrow('semantic needs the package "usearch", which cannot be loaded');
});
