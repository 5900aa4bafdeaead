import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { TurnEnd } from '../src/gateway/turn-end.js';

describe('the end of a turn', () => {
  it('lets all write in the order in which they came, once each', async () => {
    const end = new TurnEnd();
    const written: string[] = [];
    for (const name of ['a', 'b', 'c']) end.add({ write: () => written.push(name) });
    expect(written).toEqual([]);
    await turn();
    expect(written).toEqual(['a', 'b', 'c']);
    await turn();
    expect(written).toHaveLength(3);
  });

  it('puts what is added while others write to the end of the next one', async () => {
    const end = new TurnEnd();
    const written: string[] = [];
    const again = { write: () => void written.push('again') };
    end.add({
      write: () => {
        written.push('first');
        end.add(again);
      },
    });
    end.add({ write: () => void written.push('second') });
    await turn();
    expect(written).toEqual(['first', 'second']);
    await turn();
    expect(written).toEqual(['first', 'second', 'again']);
  });
});
