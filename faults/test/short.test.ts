import { describe, expect, it } from 'vitest';
import { play } from '../support/play.ts';
import { loadScenario, scenarioNames } from '../support/results.ts';

/** Those that are over in a few seconds and need nothing that is not everywhere; all of them, and whole, by `npx pnpm@12.21.0 faults`. */
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
