import { describe, expect, it } from 'vitest';
import { play } from '../support/play.ts';
import { loadScenario, scenarioNames } from '../support/results.ts';

/** Scenarios that take a few seconds and need no special software. `npx pnpm@12.21.0 faults` plays all of them in full. */
const short = [
  'clock-jumps',
  'project-writers-killed',
  'provider-dies-mid-stream',
  'provider-hangs',
  'server-killed',
  'sockets-cut',
  'two-servers-one-disk',
];

describe('a short run of', () => {
  it.each(short)('%s', async (name) => {
    expect(await scenarioNames()).toContain(name);
    const scenario = await loadScenario(name);
    expect(await play(scenario, { seed: 1, short: true })).not.toBe('');
  });
});
