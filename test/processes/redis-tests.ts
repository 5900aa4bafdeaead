import { hasRedis } from '@ai-toolkit/processes/redis';
import { describe } from 'vitest';

export { TestRedis } from '@ai-toolkit/processes/redis';

if (!hasRedis && process.env.AI_TOOLKIT_REQUIRE_SERVICES === '1') {
  throw new Error('redis-server is not installed, and AI_TOOLKIT_REQUIRE_SERVICES asks for it');
}
if (!hasRedis) console.warn('redis-server is not installed: tests that need a Redis are SKIPPED');

/** Runs if `redis-server` is installed; otherwise skipped with a notice, or failing if services are required. */
export const describeWithRedis: typeof describe.skip = hasRedis ? describe : describe.skip;
