import { ask, assertAllWhole } from './ask.ts';
import type { Gateway } from './gateway.ts';
import { untilShared } from './pair.ts';
import type { Scene } from './scenario.ts';
import { together } from './together.ts';

/** What is done to Redis while calls go on, and what mends it. */
interface Outage {
  breaks(): Promise<void> | void;
  mends(): Promise<void> | void;
}

/**
 * Calls of 16 callers at two servers, and an outage somewhere in the middle of them. Every answer is whole, and in the end the servers
 * share answers again; says how many calls there were, and how many questions it took until then.
 */
export async function callThroughOutage(
  scene: Scene,
  pair: readonly Gateway[],
  { breaks, mends }: Outage,
): Promise<{ calls: number; tries: number }> {
  const { random } = scene;
  const calls = scene.times(3000);
  const breaksAt = random.between(calls * 0.2, calls * 0.4);
  const mendsAt = random.between(calls * 0.6, calls * 0.8);
  let changed: Promise<void> = Promise.resolve();
  const seen = await together(calls, 16, (index) => {
    if (index === breaksAt) changed = changed.then(breaks);
    if (index === mendsAt) changed = changed.then(mends);
    // Half of the questions were asked before, of one server or the other.
    const prompt = `Question ${random.between(0, calls / 2)}`;
    return ask(pair[random.between(0, 1)]?.url ?? '', { prompt, stream: random.chance(0.5) });
  });
  await changed;
  assertAllWhole(seen);
  return { calls, tries: await untilShared(pair, 'After') };
}
