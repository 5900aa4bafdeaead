import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExchangeRequest } from '../../src/index.js';
import { openaiProvider } from '../../src/index.js';
import { createRouter } from '../../src/routing/router.js';
import { scopeOf } from '../../src/steps/key.js';
import { readRequest } from '../../src/steps/read-request.js';

const providers = [openaiProvider('http://127.0.0.1:1/v1', 'sk-one')];
const base = { model: 'm', messages: [{ role: 'user', content: 'Hi' }] };

function keyOf(
  body: string | object,
  rest: Partial<ExchangeRequest> = {},
  from = providers,
): string | undefined {
  const source = typeof body === 'string' ? body : JSON.stringify(body);
  return readRequest({ surface: 'chat', body: Buffer.from(source), ...rest }, createRouter(from, []))
    .targets[0].key;
}

/** The same JSON with its fields in another order and white space between all tokens. */
function rewritten(value: unknown): string {
  if (Array.isArray(value)) return `[ ${value.map(rewritten).join(' ,\n')} ]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).reverse();
  return `{\t${members.map(([name, member]) => `${JSON.stringify(name)} : ${rewritten(member)}`).join(' , ')} }`;
}

describe('key', () => {
  it('is the same for the same request, however it is written', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (extra) => {
        const body = JSON.parse(JSON.stringify({ ...extra, ...base }));
        expect(keyOf(rewritten(body))).toBe(keyOf(body));
      }),
    );
  });

  it('changes with every field that is not on the short list, known or not', () => {
    const excluded = new Set(['stream', 'stream_options', 'user', 'metadata']);
    const name = fc
      .string({ minLength: 1 })
      .filter((text) => !excluded.has(text) && !Object.hasOwn(base, text) && text !== 'tools');
    fc.assert(
      fc.property(name, fc.jsonValue(), (field, value) => {
        // Written by hand: `__proto__` as a name would not become a member of an object literal.
        const body = `{${JSON.stringify(field)}:${JSON.stringify(value)},${JSON.stringify(base).slice(1)}`;
        expect(keyOf(body)).not.toBe(keyOf(base));
      }),
    );
    for (const change of [
      { temperature: 0 },
      { top_p: 1 },
      { seed: 1 },
      { n: 2 },
      { logit_bias: { 1: 1 } },
      { x_new: '' },
    ]) {
      expect(keyOf({ ...base, ...change })).not.toBe(keyOf(base));
    }
  });

  it('keeps what cannot change the answer out', () => {
    for (const change of [{ stream: true }, { stream: false }, { user: 'u' }, { metadata: { a: 1 } }]) {
      expect(keyOf({ ...base, ...change })).toBe(keyOf(base));
    }
  });

  it('neither trims nor lower-cases text, and looks at every message', () => {
    const content = (text: string): object => ({ ...base, messages: [{ role: 'user', content: text }] });
    const keys = ['Hi', 'hi', ' Hi', 'Hi ', 'Hi\n', 'H\u0069\u0301', 'H\u00ed'].map((text) =>
      keyOf(content(text)),
    );
    expect(new Set(keys).size).toBe(keys.length);
    const first = { ...base, messages: [{ role: 'system', content: 'A' }, ...base.messages] };
    const second = { ...base, messages: [{ role: 'system', content: 'B' }, ...base.messages] };
    expect(keyOf(first)).not.toBe(keyOf(second));
  });

  it('tells numbers apart that a double cannot, and takes equal ones for equal', () => {
    const seeded = (seed: string): string => `{"model":"m","messages":[],"seed":${seed}}`;
    expect(keyOf(seeded('9007199254740993'))).not.toBe(keyOf(seeded('9007199254740992')));
    expect(keyOf(seeded('1e400'))).not.toBe(keyOf(seeded('1e401')));
    expect(keyOf(seeded('1.0'))).toBe(keyOf(seeded('1')));
    expect(keyOf(seeded('100'))).toBe(keyOf(seeded('1e2')));
  });

  it('keeps tenants, namespaces, providers, base URLs and versions apart', () => {
    const others = [
      keyOf(base, { tenant: 'a' }),
      keyOf(base, { cache: { namespace: 'a' } }),
      keyOf(base, { headers: { 'openai-beta': 'x' } }),
      keyOf(base, {}, [openaiProvider('http://127.0.0.1:2/v1')]),
      keyOf(base, {}, [openaiProvider('http://127.0.0.1:1/v1', undefined, 'other')]),
      keyOf(base, { provider: openaiProvider('http://127.0.0.1:1/v1', 'sk-one') }),
      keyOf(base, { provider: openaiProvider('http://127.0.0.1:1/v1', 'sk-two') }),
      keyOf(base),
    ];
    expect(new Set(others).size).toBe(others.length);
    expect(keyOf(base, {}, [openaiProvider('http://127.0.0.1:1/v1', 'sk-new')])).toBe(keyOf(base));
  });

  it('keeps callers apart who bring credentials in their headers, and names no secret', () => {
    const keyless = openaiProvider('http://127.0.0.1:1/v1');
    const alice = { authorization: 'Bearer alice' };
    for (const rest of [{}, { provider: keyless }]) {
      const key = (headers: Record<string, string>): unknown => keyOf(base, { ...rest, headers }, [keyless]);
      const keys = [
        key({}),
        key(alice),
        key({ authorization: 'Bearer bob' }),
        key({ 'x-api-key': 'Bearer alice' }),
        key({ ...alice, 'api-key': 'k' }),
      ];
      expect(new Set(keys).size).toBe(keys.length);
      expect(key({ 'api-key': 'k', ...alice })).toBe(keys.at(-1));
      expect(scopeOf({ surface: 'chat', headers: alice, ...rest }, keyless).text).not.toContain('alice');
    }
    expect(scopeOf({ surface: 'chat', headers: { 'openai-beta': 'x' } }, keyless).credentials).toBeNull();
    // The provider's own key is sent in place of Alice's.
    expect(keyOf(base, { headers: alice })).toBe(keyOf(base));
  });

  it('keeps providers apart that send other headers, unless these only say who pays', () => {
    const [plain] = providers;
    const key = (headers: Record<string, string>, own: Record<string, string> = {}): unknown =>
      keyOf(base, { headers: own }, [{ ...plain, name: 'p', baseUrl: 'http://p', headers }]);
    const beta = { 'anthropic-beta': 'context-1m' };
    expect(key(beta)).not.toBe(key({}));
    // As they are sent: the provider's own take precedence.
    expect(key(beta)).toBe(key({}, beta));
    expect(key(beta, { 'anthropic-beta': 'other' })).toBe(key(beta));
    expect(
      key({
        authorization: 'Bearer a',
        'openai-organization': 'o',
        'openai-project': 'p',
        'x-auth-token': 't',
      }),
    ).toBe(key({}));
  });

  it('takes no name of a tenant for another one with a provider of its own', () => {
    const provider = openaiProvider('http://127.0.0.1:1/v1');
    const routed = { surface: 'chat', tenant: 'own x' } as const;
    const own = { surface: 'chat', tenant: 'x', provider } as const;
    expect(scopeOf(routed, provider).tenant).toBe('own x');
    expect(scopeOf(own, provider).tenant).toBe('x');
    expect(scopeOf({ ...routed, tenant: 'x' }, provider).credentials).toBeNull();
  });

  it('makes none for what must not be cached', () => {
    expect(keyOf({ ...base, tools: [{ type: 'web_search' }] })).toBeUndefined();
    expect(keyOf({ ...base, web_search_options: {} })).toBeUndefined();
    expect(keyOf({ ...base, tools: [{ type: 'function', function: { name: 'f' } }] })).toBeDefined();
    expect(keyOf(base, { cache: { read: false, store: false } })).toBeUndefined();
  });

  it('is 256 bits, in hex', () => {
    expect(keyOf(base)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('changes with the draw that is asked for, and goes by the caller’s own key in place of the body', () => {
    const other = { ...base, messages: [{ role: 'user', content: 'Hello' }] };
    expect(keyOf(base, { cache: { sample: 0 } })).toBe(keyOf(base));
    expect(keyOf(base, { cache: { sample: 1 } })).not.toBe(keyOf(base));
    const named = { cache: { key: 'greeting' } };
    expect(keyOf(base, named)).toBe(keyOf(other, named));
    expect(keyOf(base, named)).not.toBe(keyOf(base, { cache: { key: 'farewell' } }));
    expect(keyOf(base, named)).not.toBe(keyOf({ ...base, model: 'n' }, named));
    expect(keyOf(base, named)).not.toBe(keyOf(base, { ...named, tenant: 'acme' }));
  });
});
