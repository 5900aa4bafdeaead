import type { Simulator } from '@ai-toolkit/llm-simulator';
import { ask } from './ask.ts';
import { type Gateway, startGateway } from './gateway.ts';
import type { Scene } from './scenario.ts';
import { until } from './together.ts';

/** Two servers, each with a home of its own, on one Redis. */
export async function startPair(scene: Scene, simulator: Simulator, redisUrl: string): Promise<Gateway[]> {
  const environment = { REDIS_URL: redisUrl };
  return [
    await startGateway(scene, simulator, { environment }),
    await startGateway(scene, simulator, { environment }),
  ];
}

/** Resolves once what one of them was told is a hit at the other; says how many questions it took. */
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
