import { ask, assertAllWhole } from './ask.ts';
import type { Gateway } from './gateway.ts';
import { untilShared } from './pair.ts';
import type { Scene } from './scenario.ts';
import { together } from './together.ts';

/** How to break Redis during the calls, and how to mend it. */
interface Outage {
  breaks(): Promise<void> | void;
  mends(): Promise<void> | void;
}

/**
 * Sends calls of 16 callers to two servers, with an outage in the middle. Checks that every answer is whole, and waits until the servers
 * share answers again. Returns the number of calls, and of the questions needed for that.
 */
export async function callThroughOutage(
  scene: Scene,
  pair: readonly Gateway[],
  { breaks, mends }: Outage,
): Promise<{ calls: number; tries: number }> {
  const { random } = scene;
  const calls = scene.times(3000);
  const breaksAt = Math.floor(random.between(calls * 0.2, calls * 0.4));
  const mendsAt = Math.floor(random.between(calls * 0.6, calls * 0.8));
  let changed: Promise<void> = Promise.resolve();
  const seen = await together(calls, 16, (index) => {
    if (index === breaksAt) changed = changed.then(breaks);
    if (index === mendsAt) changed = changed.then(mends);
    // Few distinct questions, so that many have been asked before, at either server.
    const prompt = `Question ${random.between(0, calls / 2)}`;
    return ask(pair[random.between(0, 1)]?.url ?? '', { prompt, stream: random.chance(0.5) });
  });
  await changed;
  assertAllWhole(seen);
  return { calls, tries: await untilShared(pair, 'After') };
}
