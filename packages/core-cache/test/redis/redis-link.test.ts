import { afterEach, expect, it, vi } from 'vitest';
import { RedisLink } from '../../src/redis/redis-link.js';
import type { RedisConnection } from '../../src/redis/redis-options.js';

afterEach(() => {
  vi.useRealTimers();
});

it.each([
  "READONLY You can't write against a read only replica.",
  "ERR Error running script: @user_script: 12: -READONLY You can't write against a read only replica.",
  "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
])('a connection to a server that has become a replica is made anew: %s', async (message) => {
  vi.useFakeTimers();
  let dials = 0;
  let destroyed = 0;
  const connection = {
    connect: async () => undefined,
    on: () => undefined,
    unref: () => undefined,
    destroy: () => {
      destroyed += 1;
    },
    sendCommand: async () => {
      if (dials === 1) throw new Error(message);
      return 'OK';
    },
  };
  const link = new RedisLink({
    connectTimeoutMs: 500,
    commandTimeoutMs: 500,
    random: () => 0.5,
    prepare: async () => undefined,
    dial: async () => {
      dials += 1;
      return connection as unknown as RedisConnection;
    },
  });
  await link.connect();
  await expect(link.send(['SET', 'a', 'b'])).rejects.toThrow(message);
  expect([link.isUp, destroyed]).toEqual([false, 1]);
  await vi.advanceTimersByTimeAsync(100);
  expect(await link.send(['SET', 'a', 'b'])).toBe('OK');
  expect(dials).toBe(2);
  await link.close();
});
