import { createClient } from 'redis';
import { describe, expect, it } from 'vitest';
import { createCache, type RedisTierOptions } from '../../src/index.js';

const make = (shared: unknown) => () => createCache({ shared: shared as RedisTierOptions });

describe('shared', () => {
  it('takes a URL or a client of node-redis, and connects to neither before it is used', () => {
    expect(make({ url: 'redis://127.0.0.1:1' })).not.toThrow();
    expect(createCache({ shared: { client: createClient() } }).stats().tiers[1]).toMatchObject({
      name: 'redis',
      state: 'idle',
    });
  });

  it('names what is wrong', () => {
    expect(make('redis://127.0.0.1')).toThrow(
      new TypeError('shared must be { url }, { client } or a store, got "redis://127.0.0.1"'),
    );
    expect(make({})).toThrow(new TypeError('shared.url must be a redis:// or rediss:// URL, got undefined'));
    expect(make({ url: 'http://user:secret@host' })).toThrow(
      new TypeError('shared.url must be a redis:// or rediss:// URL, got another string'),
    );
    expect(make({ url: 'redis://h', client: createClient() })).toThrow(TypeError);
    expect(make(createClient())).toThrow(/shared\.url must be/);
    expect(make({ client: {} })).toThrow(/shared\.client must be a client/);
    expect(make({ url: 'redis://h', prefix: '{a}' })).toThrow(/shared\.prefix .* got "\{a\}"/);
    expect(make({ url: 'redis://h', commandTimeoutMs: 0 })).toThrow(
      new RangeError('shared.commandTimeoutMs must be from 1 to 2147483647, got 0'),
    );
    expect(make({ url: 'redis://h', connectTimeoutMs: '5' })).toThrow(
      /shared\.connectTimeoutMs must be a number/,
    );
    expect(make({ url: 'redis://h', maxEntryBytes: Number.NaN })).toThrow(
      /shared\.maxEntryBytes must be from 1/,
    );
  });
});
