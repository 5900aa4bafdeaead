import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSides, sideOf } from '../../src/explain/compare.js';
import type { Comparison } from '../../src/explain/difference.js';
import { type ExchangeRequest, openaiProvider } from '../../src/index.js';
import { createRouter } from '../../src/routing/router.js';
import { readRequest } from '../../src/steps/read-request.js';
import { type AskedTarget, withBody } from '../../src/steps/target.js';
import type { SurfaceAdapter } from '../../src/surfaces/adapter.js';

const router = createRouter([openaiProvider('http://127.0.0.1:1/v1', 'sk-one')], []);

function read(
  source: string,
  rest: Partial<ExchangeRequest> = {},
): { readonly target: AskedTarget; readonly adapter: SurfaceAdapter } {
  const request: ExchangeRequest = { surface: 'chat', body: Buffer.from(source), ...rest };
  const { targets, adapter } = readRequest(request, router);
  return { target: withBody(targets[0], request.body), adapter };
}

function compare(
  here: string,
  there: string,
  rest: readonly [Partial<ExchangeRequest>?, Partial<ExchangeRequest>?] = [],
): Comparison & { readonly keys: readonly [string | undefined, string | undefined] } {
  const [a, b] = [read(here, rest[0]), read(there, rest[1])];
  return {
    ...compareSides(sideOf(a.target, a.adapter), sideOf(b.target, b.adapter)),
    keys: [a.target.key, b.target.key],
  };
}

/** The same JSON with its fields in another order and white space between all tokens. */
function rewritten(value: unknown): string {
  if (Array.isArray(value)) return `[ ${value.map(rewritten).join(' ,\n')} ]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).reverse();
  return `{\t${members.map(([name, member]) => `${JSON.stringify(name)} : ${rewritten(member)}`).join(' , ')} }`;
}

const message = fc.record({ role: fc.constantFrom('user', 'assistant'), content: fc.string() });
const body = fc.record(
  {
    model: fc.constantFrom('m', 'n'),
    messages: fc.array(message, { maxLength: 6 }),
    temperature: fc.constantFrom(0, 0.5, 1),
    stop: fc.array(fc.string({ maxLength: 2 }), { maxLength: 3 }),
    user: fc.constantFrom('ada', 'bob'),
    stream: fc.boolean(),
    x_new: fc.jsonValue({ maxDepth: 2 }),
  },
  { requiredKeys: ['model', 'messages'] },
);
const rest = fc.record(
  {
    tenant: fc.constantFrom('default', 'acme'),
    headers: fc.dictionary(fc.constantFrom('openai-beta', 'x-a'), fc.constantFrom('1', '2')),
    cache: fc.record(
      {
        namespace: fc.constantFrom('one', 'two'),
        sample: fc.nat({ max: 1 }),
        key: fc.constantFrom('k', 'l'),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

describe('the differences of two requests', () => {
  it('are none that counts if and only if the keys are the same', () => {
    fc.assert(
      fc.property(body, body, rest, rest, (a, b, restA, restB) => {
        const { keys, sameKey, differences } = compare(JSON.stringify(a), JSON.stringify(b), [restA, restB]);
        expect(sameKey).toBe(keys[0] === keys[1]);
        expect(differences.some(({ changesKey }) => changesKey)).toBe(!sameKey);
      }),
      { numRuns: 500 },
    );
  });

  it('are none for another order, white space, number forms', () => {
    fc.assert(
      fc.property(body, (value) => {
        const source = JSON.stringify(value);
        expect(compare(source, rewritten(JSON.parse(source)))).toMatchObject({
          sameKey: true,
          differences: [],
        });
      }),
    );
    const seeded = (seed: string): string => `{"model":"m","messages":[],"seed":${seed}}`;
    expect(compare(seeded('1e2'), seeded('100.0')).differences).toEqual([]);
    expect(compare(seeded('9007199254740993'), seeded('9007199254740992')).differences).toMatchObject([
      { path: 'seed', here: '9007199254740993', there: '9007199254740992', changesKey: true },
    ]);
  });

  it('name the one place that was changed, and that alone changes the key', () => {
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 8 }),
        fc.nat(),
        fc.constantFrom('change', 'insert', 'remove'),
        (messages, at, change) => {
          const index = at % messages.length;
          const changed: { role: string; content: string }[] = messages.map((item) => ({ ...item }));
          const marked = {
            role: 'user',
            content: `marked ${index} ${messages.map(({ content }) => content)}`,
          };
          if (change === 'change')
            changed[index] = { role: messages[index]?.role ?? '', content: marked.content };
          else changed.splice(index, change === 'insert' ? 0 : 1, ...(change === 'insert' ? [marked] : []));
          const { differences, keys } = compare(
            JSON.stringify({ model: 'm', messages }),
            JSON.stringify({ model: 'm', messages: changed }),
          );
          expect(differences).toHaveLength(1);
          expect(differences[0]?.changesKey).toBe(true);
          expect(keys[0]).not.toBe(keys[1]);
          if (change === 'change') expect(differences[0]?.path).toBe(`messages[${index}].content`);
          if (change === 'insert')
            expect(differences[0]).toMatchObject({ path: `messages[${index}]`, kind: 'only-there' });
          if (change === 'remove') expect(differences[0]?.kind).toBe('only-here');
        },
      ),
    );
  });

  it('leave out of the key what the surface leaves out, and say so', () => {
    const { sameKey, differences } = compare(
      '{"model":"m","messages":[],"user":"ada","stream":true}',
      '{"model":"m","messages":[],"user":"bob"}',
    );
    expect(sameKey).toBe(true);
    expect(differences).toMatchObject([
      { path: 'user', changesKey: false },
      { path: 'stream', kind: 'only-here', changesKey: false },
    ]);
  });

  it('go by the caller’s own key where there is one', () => {
    const own = { cache: { key: 'greeting' } };
    const [hi, hello] = ['Hi', 'Hello'].map((content) =>
      JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] }),
    ) as [string, string];
    const both = compare(hi, hello, [own, own]);
    expect(both).toMatchObject({
      sameKey: true,
      differences: [{ path: 'messages[0].content', changesKey: false }],
    });
    expect(compare(hi, hello, [own, {}]).differences).toMatchObject([
      { where: 'scope', path: 'ownKey', changesKey: true },
      { path: 'messages[0].content', changesKey: false },
    ]);
  });

  it('keep a conversation aligned when a turn is inserted and another one reworded', () => {
    const turns = [
      'Be brief.',
      'What is a tide?',
      'Water that rises.',
      'And an ebb?',
      'Water that falls.',
      'Why?',
    ];
    const messages = turns.map((content, index) => ({ role: ['user', 'assistant'][index % 2], content }));
    const changed = [
      ...messages.slice(0, 1),
      { role: 'system', content: 'You are a sailor.' },
      ...messages.slice(1, 3),
      { role: 'assistant', content: 'And an ebb tide?' },
      ...messages.slice(4),
    ];
    expect(
      compare(JSON.stringify({ model: 'm', messages }), JSON.stringify({ model: 'm', messages: changed }))
        .differences,
    ).toMatchObject([
      { path: 'messages[1]', kind: 'only-there' },
      { path: 'messages[3].content', kind: 'changed', here: '"And an ebb?"', there: '"And an ebb tide?"' },
    ]);
  });

  it('take long rows of numbers for one', () => {
    const source = (last: number): string =>
      JSON.stringify({ model: 'm', messages: [], prompt: [...Array(500).keys(), last] });
    expect(compare(source(1), source(2)).differences).toMatchObject([{ path: 'prompt' }]);
  });

  it('are bounded, and say how many are left out', () => {
    const source = (value: number): string =>
      JSON.stringify({
        model: 'm',
        messages: [],
        ...Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`f${n}`, value])),
      });
    const found = compare(source(1), source(2));
    expect(found.differences).toHaveLength(100);
    expect(found.omitted).toBe(50);
  });
});
