import { describe, expect, it } from 'vitest';
import { recently } from '../src/api/recently.js';

describe('what was asked recently', () => {
  it('is asked once for all who come while the answer is on its way, however long that takes, and for a while behind it', async () => {
    let now = 0;
    const asked: PromiseWithResolvers<string>[] = [];
    const ask = (): Promise<string> => {
      const deferred = Promise.withResolvers<string>();
      asked.push(deferred);
      return deferred.promise;
    };
    const known = recently(ask, 10, () => now);
    const first = known();
    now = 15;
    const second = known();
    asked[0]?.resolve('slow');
    expect(await Promise.all([first, second])).toEqual(['slow', 'slow']);
    now = 24;
    expect(await known()).toBe('slow');
    now = 25;
    const third = known();
    asked[1]?.resolve('new');
    expect(await third).toBe('new');
    expect(asked).toHaveLength(2);
  });

  it('is asked anew when it failed', async () => {
    const answers = [Promise.reject(new Error('nobody')), Promise.resolve('there')];
    const known = recently(() => answers.shift() as Promise<string>, 10);
    await expect(known()).rejects.toThrow('nobody');
    expect(await known()).toBe('there');
  });
});
