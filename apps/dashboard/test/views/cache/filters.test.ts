import { describe, expect, it } from 'vitest';
import { searchOf } from '../../../src/views/cache/filters.js';
import { lifetimeOf } from '../../../src/views/cache/lifetime.js';
import { tagValue } from '../../../src/views/cache/tags.js';

describe('filters of stored answers', () => {
  it('are read from the address', () => {
    const given = (query: string) =>
      Object.fromEntries(
        Object.entries(searchOf(new URLSearchParams(query))).filter(([, value]) => value !== undefined),
      );
    expect(given('')).toEqual({});
    expect(given('model=m&stale=true&age=older-7d&sort=size&text=')).toEqual({
      model: 'm',
      stale: true,
      olderThan: '7d',
      sort: 'size',
    });
    expect(given('age=newer-24h&stale=false')).toEqual({ newerThan: '24h' });
    expect(given('age=nonsense')).toEqual({});
  });
});

describe('what a list says of stored answers', () => {
  it('is the value of a tag, colons included', () => {
    expect(tagValue(['model:llama3:8b', 'tenant:t'], 'model')).toBe('llama3:8b');
    expect(tagValue(['modelling:x'], 'model')).toBeNull();
  });

  it('is how long they live', () => {
    expect(lifetimeOf(null, 0)).toBe('never expires');
    expect(lifetimeOf(3_600_000, 0)).toBe('1 h left');
    expect(lifetimeOf(0, 120_000)).toBe('expired 2 min ago');
  });
});
