import type { Simulator } from '@ai-toolkit/llm-simulator';
import { ask } from './ask.ts';
import { type Gateway, startGateway } from './gateway.ts';
import type { Scene } from './scenario.ts';
import { until } from './together.ts';

/** Starts two servers with separate home folders on one Redis. */
export async function startPair(scene: Scene, simulator: Simulator, redisUrl: string): Promise<Gateway[]> {
  const environment = { REDIS_URL: redisUrl };
  return [
    await startGateway(scene, simulator, { environment }),
    await startGateway(scene, simulator, { environment }),
  ];
}

/** Resolves once an answer of the first server is a hit at the second, with the number of questions that took. */
export async function untilShared([first, second]: readonly Gateway[], name: string): Promise<number> {
  let tries = 0;
  await until(async () => {
    tries += 1;
    const prompt = `${name}, shared ${tries}`;
    await ask(first?.url ?? '', { prompt });
    return (await ask(second?.url ?? '', { prompt })).cache === 'HIT';
  });
  return tries;
}
