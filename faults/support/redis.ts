import { hasRedis, TestRedis } from '@ai-toolkit/processes/redis';
import type { Scene } from './scenario.ts';

export function noRedis(): string | undefined {
  return hasRedis ? undefined : 'redis-server is not installed';
}

export async function startRedis(scene: Scene): Promise<TestRedis> {
  return scene.use(await TestRedis.start());
}
