import { describe, expect, it } from 'vitest';
import { openaiProvider } from '../../src/index.js';
import { chat, run } from '../support/run-exchange.js';
import { createStage } from '../support/stage.js';

/** The outcome of a second identical request, in front of a server with a fault; `omits`: it is known to have it. */
async function second(fault: string, stream: boolean, omits: boolean): Promise<string | undefined> {
  await using probe = await createStage({}, { faults: [fault] });
  const provider = { ...openaiProvider(probe.simulator.openaiBaseUrl), omitsFinishReason: omits };
  await using stage = await createStage({ maxRetries: 0, providers: [provider] });
  await run(stage.pipeline, chat('tide', { stream }));
  return (await run(stage.pipeline, chat('tide', { stream }))).head?.cache;
}

describe('a server that never gives a finish reason', () => {
  it.each([true, false])(
    'is believed by its terminal event, or its whole body, when it is known (stream: %s)',
    async (stream) => {
      expect(await second('no-finish-reason', stream, true)).toBe('hit');
      expect(await second('no-finish-reason', stream, false)).toBe('miss');
    },
  );

  it('is not believed when its stream just ends, is cut, or is an error', async () => {
    for (const fault of ['no-finish-reason; no-terminal', 'end-after=3', 'error-after=2', 'empty-choices'])
      expect(await second(fault, true, true), fault).toBe('miss');
  });
});
