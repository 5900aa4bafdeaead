import { describe, expect, it } from 'vitest';
import type { ServerInfo } from '../../../src/api/server.js';
import { nameOf, providersOf, sumLimits } from '../../../src/views/limits/providers.js';
import { limitState, limitsReport } from './sample-limits.js';

const info: ServerInfo = {
  version: '1',
  startedAt: 0,
  keysRequired: false,
  home: '/home',
  workers: [],
  providers: [
    { name: 'openai', baseUrl: 'https://api.openai.com/v1', reason: 'a key' },
    { name: 'ollama', baseUrl: 'http://127.0.0.1:11434', reason: 'it runs' },
  ],
};

describe('the providers of the limits', () => {
  it('are those of the configuration and any other that was asked, with their models by name', () => {
    const report = limitsReport({
      keys: { 'openai:gpt-10': limitState(), 'openai:gpt-9': limitState(), 'other:m': limitState() },
    });
    expect(
      providersOf(report, info).map(({ name, models }) => [name, models.map(({ model }) => model)]),
    ).toEqual([
      ['openai', ['gpt-9', 'gpt-10']],
      ['ollama', []],
      ['other', ['m']],
    ]);
    expect(providersOf(report, null).map(({ name }) => name)).toEqual(['openai', 'other']);
  });

  it('show the circuit that is not closed, should there be several', () => {
    const report = limitsReport({
      circuits: {
        'openai at https://a': { state: 'closed', failures: 0, openings: 0, retryAfterMs: 0 },
        'openai at https://b': { state: 'open', failures: 5, openings: 1, retryAfterMs: 300 },
        'openai-like at https://c': { state: 'half-open', failures: 5, openings: 1, retryAfterMs: 0 },
      },
    });
    expect(providersOf(report, info).map(({ circuit }) => circuit?.state)).toEqual(['open', undefined]);
  });

  it('have models with colons in their names', () => {
    expect(nameOf('ollama:llama3:8b')).toEqual({ provider: 'ollama', model: 'llama3:8b' });
  });

  it('are summed up', () => {
    const report = limitsReport({
      keys: {
        'a:x': limitState({
          concurrency: { used: 2 },
          queue: { depth: 3, tenants: 1, expectedWaitMs: 400 },
          counts: { granted: 9, refused: 1, shed: 2, rateLimited: 1, failed: 0 },
          waits: { count: 2, totalMs: 100, longestMs: 80, buckets: [] },
        }),
        'b:y': limitState({ queue: { depth: 1, tenants: 1, expectedWaitMs: 900 } }),
      },
    });
    expect(sumLimits(report)).toEqual({
      waiting: 4,
      underWay: 2,
      expectedWaitMs: 900,
      rateLimited: 1,
      refused: 3,
      waits: { count: 2, totalMs: 100, longestMs: 80 },
    });
    expect(sumLimits(limitsReport()).expectedWaitMs).toBe(0);
  });
});
