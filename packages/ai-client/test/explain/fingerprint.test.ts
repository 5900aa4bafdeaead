import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sideOf } from '../../src/explain/compare.js';
import { comparePrints } from '../../src/explain/compare-prints.js';
import type { Comparison } from '../../src/explain/difference.js';
import { fingerprint } from '../../src/explain/fingerprint.js';
import { readFingerprint } from '../../src/explain/fingerprint-tree.js';
import { type ExchangeRequest, openaiProvider } from '../../src/index.js';
import { createRouter } from '../../src/routing/router.js';
import { readRequest } from '../../src/steps/read-request.js';
import { withBody } from '../../src/steps/target.js';

const router = createRouter([openaiProvider('http://127.0.0.1:1/v1', 'sk-one')], []);

function read(value: unknown, rest: Partial<ExchangeRequest> = {}): ReturnType<typeof readRequest> {
  return readRequest({ surface: 'chat', body: Buffer.from(JSON.stringify(value)), ...rest }, router);
}

function printOf(value: unknown, rest: Partial<ExchangeRequest> = {}): string {
  const { targets, adapter } = read(value, rest);
  return fingerprint(targets[0], adapter);
}

function compare(
  here: unknown,
  there: unknown,
  rest: readonly [Partial<ExchangeRequest>?, Partial<ExchangeRequest>?] = [],
): Comparison {
  const { targets, adapter } = read(here, rest[0]);
  const [a, b] = [readFingerprint(printOf(here, rest[0])), readFingerprint(printOf(there, rest[1]))];
  if (a === undefined || b === undefined) throw new Error('A fingerprint cannot be read.');
  return comparePrints(a, b, sideOf(withBody(targets[0], Buffer.from(JSON.stringify(here))), adapter));
}

const turns = (count: number, change: Readonly<Record<number, string>> = {}): object => ({
  model: 'm',
  messages: Array.from({ length: count }, (_, index) => ({
    role: 'user',
    content: change[index] ?? `turn ${index}`,
  })),
});

describe('fingerprint', () => {
  it('tells the fields that differ, with the values of the request that is there', () => {
    const here = { ...turns(3, { 1: 'new words' }), temperature: 0.7, top_p: 1 };
    const there = { ...turns(3, { 1: 'old words' }), temperature: 0.2 };
    expect(compare(here, there).differences).toEqual([
      {
        where: 'body',
        path: 'messages[1].content',
        kind: 'changed',
        class: 'text',
        here: '"new words"',
        changesKey: true,
      },
      {
        where: 'body',
        path: 'temperature',
        kind: 'changed',
        class: 'parameter',
        here: '0.7',
        there: '0.2',
        changesKey: true,
      },
      { where: 'body', path: 'top_p', kind: 'only-here', class: 'parameter', here: '1', changesKey: true },
    ]);
    expect(compare(here, { ...here, model: 'n' }).differences).toMatchObject([
      { path: 'model', here: '"m"', there: '"n"' },
    ]);
  });

  it('keeps no words of a prompt', () => {
    const print = printOf({
      ...turns(3),
      system: 'A secret plan',
      tools: [{ type: 'function', function: { name: 'launch' } }],
    });
    for (const word of ['turn', 'secret', 'plan', 'launch']) expect(print).not.toContain(word);
    // Tokens are words, too.
    for (const length of [5, 50]) {
      const tokens = Array.from({ length }, (_, index) => 400_000 + index);
      expect(printOf({ ...turns(1), input: tokens })).not.toMatch(/40000/);
    }
  });

  it('is the same for another order of the fields, and without what is no part of the key', () => {
    const a = {
      model: 'm',
      messages: [{ role: 'user', content: 'Hi' }],
      tools: [{ a: 1, b: { c: 2, d: 3 } }],
    };
    const b = {
      stream: true,
      user: 'ada',
      tools: [{ b: { d: 3, c: 2 }, a: 1 }],
      messages: [{ content: 'Hi', role: 'user' }],
      model: 'm',
    };
    expect(compare(a, b)).toEqual({ sameKey: true, differences: [], omitted: 0 });
  });

  it('tells who asked, and with which headers', () => {
    const rests = [
      {
        tenant: 'acme',
        headers: { 'openai-beta': 'a', cookie: 'x' },
        cache: { namespace: 'one', sample: 1, key: 'k' },
      },
      { headers: { 'openai-beta': 'b', cookie: 'y' } },
    ] as const;
    expect(compare(turns(1), turns(1), rests).differences).toMatchObject([
      { where: 'scope', path: 'ownKey' },
      { where: 'scope', path: 'tenant', here: '"acme"', kind: 'only-here' },
      { where: 'scope', path: 'namespace' },
      { where: 'scope', path: 'sample', here: '1' },
      { where: 'headers', path: 'cookie', here: '[redacted]' },
      { where: 'headers', path: '["openai-beta"]', here: '"a"' },
      { where: 'body', path: 'messages', kind: 'only-there' },
    ]);
  });

  it('has at most 64 fields, and names runs of a long list', () => {
    const fields = (value: unknown): number => printOf(value).match(/"[=~+]?[^":]*"(?!:)|:\d/g)?.length ?? 0;
    const wide = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`field_${index}`, index]));
    for (const value of [
      turns(5),
      turns(20),
      turns(2000),
      { ...turns(3), ...wide },
      { ...turns(10), tools: Array(100).fill(wide) },
    ])
      expect(fields(value)).toBeLessThan(64 + 8);
    expect(compare(turns(100), turns(100, { 50: 'other' })).differences).toMatchObject([
      { path: 'messages[12…88]', kind: 'changed' },
    ]);
    expect(compare(turns(100), turns(100, { 95: 'other' })).differences).toMatchObject([
      { path: 'messages[95]' },
    ]);
    expect(compare({ ...turns(3), ...wide }, { ...turns(3), ...wide, field_7: 8 }).differences).toMatchObject(
      [{ path: 'body' }],
    );
  });

  it('differs wherever the bodies do', () => {
    const body = fc.record({
      model: fc.constant('m'),
      messages: fc.jsonValue({ maxDepth: 3 }),
      x: fc.jsonValue({ maxDepth: 3 }),
    });
    fc.assert(
      fc.property(body, body, (a, b) => {
        const [here, there] = [a, b].map((value) => read(value).targets[0].key);
        expect(compare(a, b).sameKey).toBe(here === there);
      }),
    );
  });

  it('is not mistaken for something else when it is none', () => {
    for (const text of [undefined, '', '{}', '[1]', '[1,2]', '{'])
      expect(readFingerprint(text)).toBeUndefined();
  });
});
