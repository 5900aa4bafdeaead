import { describe, expect, it } from 'vitest';
import { chat, run } from '../support/run-exchange.js';
import { createStage } from '../support/stage.js';

/** Callers come up with names, and limits, prices, tags and routes remember them. */
describe('a name that is too long to be remembered', () => {
  it.each([
    ['a model', { model: 'm'.repeat(257) }, {}],
    ['a namespace', {}, { cache: { namespace: 'n'.repeat(257) } }],
  ])('is refused before anybody is asked: %s', async (_name, body, rest) => {
    await using stage = await createStage();
    const { error } = await run(stage.pipeline, chat('Hi', body, rest));
    expect(error).toMatchObject({ code: 'AI_REQUEST_INVALID', message: expect.stringContaining('257') });
    expect(stage.simulator.requests()).toEqual([]);
    expect(stage.records).toMatchObject([{ status: 'error', model: 'unknown' }]);
  });

  it('is not one of 256 characters', async () => {
    await using stage = await createStage();
    const name = 'n'.repeat(256);
    const { error } = await run(stage.pipeline, chat('Hi', {}, { cache: { namespace: name } }));
    expect(error).toBeUndefined();
  });
});
