import { createLimiter } from '@ai-toolkit/rate-limit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEvents } from '../src/sse/events.js';
import { ChatFolder } from '../src/surfaces/chat-fold.js';
import { foldEvents } from '../src/surfaces/event-folder.js';
import { chat, start } from './support/run-exchange.js';
import { createStage } from './support/stage.js';

/** The text of an answer, whichever shape it came in. */
function textOf(streamed: boolean, text: string): string {
  const body = streamed ? foldEvents(new ChatFolder(), readEvents(Buffer.from(text))).body : JSON.parse(text);
  return body.choices[0].message.content;
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

describe('1,000 identical requests at once', () => {
  it('make one call, whoever leaves; the others get the whole answer, and nothing is left behind', async () => {
    const limiter = createLimiter();
    const before = timers();
    await fc.assert(
      fc.asyncProperty(
        fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
        fc.boolean(),
        async (dice, early) => {
          await using stage = await createStage({ limiter }, { faults: ['chunk-delay=1'] });
          const callers = Array.from({ length: 1000 }, (_, index) => {
            const streamed = index % 2 === 0;
            const leaves = dice.next().value === 0;
            const running = start(
              stage.pipeline,
              chat('All together [simulator-answer: tokens=40]', streamed ? { stream: true } : {}),
            );
            // Some leave before anything has come, some in the middle.
            if (leaves && early) running.exchange.abort(new Error('left early'));
            else if (leaves)
              void running.firstBytes.then(() => running.exchange.abort(new Error('left midway')));
            return { streamed, leaves, running };
          });
          const outcomes = await Promise.all(
            callers.map(async ({ running, ...caller }) => ({ ...caller, outcome: await running.outcome })),
          );
          expect(stage.simulator.stats().requests).toBe(1);
          const whole = outcomes.filter(({ outcome }) => outcome.error === undefined);
          expect(whole.length).toBeGreaterThanOrEqual(outcomes.filter(({ leaves }) => !leaves).length);
          expect(new Set(whole.map(({ streamed, outcome }) => textOf(streamed, outcome.text))).size).toBe(1);
          expect(stage.pipeline.stats()).toEqual({ openCalls: 0, sharedFlights: 0 });
          expect(Object.values(limiter.snapshot().keys)).toMatchObject([
            { concurrency: { used: 0 }, queue: { depth: 0 } },
          ]);
          expect(stage.records).toHaveLength(1000);
        },
      ),
      { numRuns: 4 },
    );
    limiter.close();
    await expect.poll(timers).toBeLessThanOrEqual(before);
  });

  it('that are all given up cut the call at the provider, before and after it has begun', async () => {
    for (const fault of ['hang', 'hang-after=2']) {
      const limiter = createLimiter();
      await using stage = await createStage({ limiter }, { faults: [fault] });
      const callers = Array.from({ length: 1000 }, (_, index) =>
        start(stage.pipeline, chat('Nobody stays', index % 2 === 0 ? { stream: true } : {})),
      );
      if (fault === 'hang') await expect.poll(() => stage.simulator.stats().inFlight).toBe(1);
      else await callers[0]?.firstBytes;
      for (const { exchange } of callers) exchange.abort(new Error('gone'));
      await Promise.all(callers.map(({ outcome }) => outcome));
      await expect.poll(() => stage.simulator.stats().inFlight, { interval: 5, timeout: 1000 }).toBe(0);
      expect(stage.pipeline.stats()).toEqual({ openCalls: 0, sharedFlights: 0 });
      expect(Object.values(limiter.snapshot().keys)).toMatchObject([{ concurrency: { used: 0 } }]);
      limiter.close();
    }
  });
});
