import { createCache } from '@ai-toolkit/core-cache';
import { describe, expect, it } from 'vitest';
import { createPipeline, type Entry, entryCodec, openaiProvider } from '../../src/index.js';
import { createOddProvider, type OddProvider } from '../support/odd-provider.js';
import { chat, type Outcome, run } from '../support/run-exchange.js';

const minute = 60_000;

/** A provider that speaks, and deletes what it said at these times, one for each choice; undefined: it does not say when. */
function createSpeaker(streamed: boolean, ...endsAt: readonly (number | undefined)[]): Promise<OddProvider> {
  const ends = endsAt.map((at) => (at === undefined ? {} : { expires_at: at / 1000 }));
  const audio = { id: 'audio_1', data: 'AAAA', transcript: 'High' };
  const finish_reason = 'stop';
  const body = {
    choices: ends.map((end, index) => ({
      index,
      message: { role: 'assistant', content: null, audio: { ...audio, ...end } },
      finish_reason,
    })),
  };
  const chunks = ends.flatMap((end, index) => [
    { choices: [{ index, delta: { role: 'assistant', audio } }] },
    { choices: [{ index, delta: { audio: end }, finish_reason }] },
  ]);
  const events = [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'];
  const [type, bytes] = streamed
    ? ['text/event-stream', events.map((data) => `data: ${data}\n\n`).join('')]
    : ['application/json', JSON.stringify(body)];
  return createOddProvider((response) => response.writeHead(200, { 'content-type': type }).end(bytes));
}

type Course = (ask: () => Promise<Outcome>, pass: (ms: number) => void) => Promise<void>;

/** Asks for the same again and again, while the time passes that it tells of. */
async function asking(speaker: OddProvider, course: Course, ttlMs = Number.POSITIVE_INFINITY): Promise<void> {
  const time = { now: Date.now() };
  const cache = createCache<Entry>({ ttlMs, codec: entryCodec, clock: { now: () => time.now } });
  await using pipeline = createPipeline({ providers: [openaiProvider(speaker.baseUrl)], cache });
  await course(
    () => run(pipeline, chat('Tides', { modalities: ['text', 'audio'], stream: true })),
    (ms) => {
      time.now += ms;
    },
  );
}

describe('a stored spoken answer', () => {
  it.each([true, false])('is no hit any more when its audio is deleted; streamed: %s', async (streamed) => {
    await using speaker = await createSpeaker(streamed, Date.now() + 60 * minute);
    await asking(speaker, async (ask, pass) => {
      expect((await ask()).head?.cache).toBe('miss');
      pass(59 * minute);
      expect((await ask()).head?.cache).toBe('hit');
      pass(minute);
      expect((await ask()).head?.cache).toBe('miss');
    });
  });

  it('lives as long as any other where that is shorter, or where nothing is said', async () => {
    const ttlMs = 10 * minute;
    for (const endsAt of [Date.now() + 60 * minute, undefined, 0]) {
      await using speaker = await createSpeaker(true, endsAt);
      const course: Course = async (ask, pass) => {
        await ask();
        pass(ttlMs - 1);
        expect((await ask()).head?.cache).toBe('hit');
        pass(1);
        expect((await ask()).head?.cache).toBe('miss');
      };
      await asking(speaker, course, ttlMs);
    }
  });

  it('goes by the first audio that is deleted, and is not kept when that has been', async () => {
    const now = Date.now();
    for (const [endsAt, passMs] of [
      [[now + 60 * minute, now + 5 * minute], 5 * minute],
      [[now - minute], 0],
    ] as const) {
      await using speaker = await createSpeaker(false, ...endsAt);
      await asking(speaker, async (ask, pass) => {
        await ask();
        pass(passMs);
        expect((await ask()).head?.cache).toBe('miss');
      });
    }
  });
});
