import { readFile } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { readFault } from '../src/faults/fault.js';
import { createSimulator, type FaultRule } from '../src/index.js';

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it('has an example that runs and prints what it says', async () => {
    const code = /```js\n([\s\S]*?)```/.exec(readme)?.[1]?.replace(/^import .*\n/, '') ?? '';
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    try {
      // The example as it stands, but for its import, which the packed package answers.
      const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor;
      await new AsyncFunction('createSimulator', code)(createSimulator);
      expect(log.mock.calls[0]?.[0]).toMatch(/^Simulated answer: hello! You said “say hello”\./);
      expect(log.mock.calls[1]).toEqual([429, '1500']);
      expect(log.mock.calls[2]?.[0]).toMatchObject({ input: 7 });
    } finally {
      log.mockRestore();
    }
  });

  it('names every fault directive', () => {
    let known = '';
    try {
      readFault('nothing');
    } catch (error) {
      known = String(error);
    }
    const names = known
      .slice(known.indexOf('Known: ') + 7)
      .replace('.', '')
      .split(', ');
    expect(names.length).toBeGreaterThan(25);
    for (const name of names) expect(readme, name).toMatch(new RegExp(`\`${name}(?:=|\`)`));
  });

  it('shows faults that are valid', () => {
    const examples: (string | FaultRule)[] = [
      'probability=0.1; cut-after=5',
      'reset; model=gpt-5*',
      { status: 500, times: 2 },
    ];
    for (const example of examples) expect(() => readFault(example)).not.toThrow();
  });
});
