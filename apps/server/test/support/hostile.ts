import fc from 'fast-check';

/** A request as sent over the wire, and what is known about it. */
export interface Hostile {
  readonly path: string;
  readonly method: string;
  readonly bytes: Buffer;
}

const modelRoutes: readonly string[] = [
  '/v1/chat/completions',
  '/v1/responses',
  '/v1/messages',
  '/v1/embeddings',
  '/v1/messages/count_tokens',
];

const otherRoutes: readonly string[] = [
  '/v1/models',
  '/v1/models/gpt-4o-mini',
  '/healthz',
  '/readyz',
  '/metrics',
  '/openapi.json',
  '/',
  '/api/usage',
  '/api/usage?by=model&since=1h',
  '/api/usage/calls?limit=2',
  '/api/cache',
  '/api/cache/entries',
  '/api/cache/entries/00',
  '/api/cache/explain',
  '/api/limits',
  '/api/keys',
  '/api/keys/none',
  '/api/projects',
  '/api/projects/none',
  '/api/projects/none/plan',
  '/api/projects/none/stages/1',
  '/api/projects/none/stages/1/run',
];

const oddPaths: readonly string[] = [
  '/v1',
  '/v1/',
  '/v1/chat/completions/',
  '/V1/CHAT/COMPLETIONS',
  '//v1/messages',
  '/v1/messages/../messages',
  '/v1/messages%2fcount_tokens',
  '/%00',
  '/%zz',
  '/%c3%28',
  '/..%2f..%2fetc%2fpasswd',
  '/api/projects/..%2f..%2fkeys',
  '/api/projects/%00',
  '/api/projects/none/stages/NaN',
  '/api/projects/none/stages/99999999999999999999',
  '/api/usage?since=%F0%9F&by=__proto__',
  '/api/usage/calls?limit=-1',
  '/api/usage/calls?limit=1e9',
  '/v1/models/__proto__',
  '/v1/models/constructor/x',
  '/v1/threads/t/messages',
  '*',
  'http://example.org/v1/messages',
  'not-a-path',
];

const path = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...modelRoutes) },
  { weight: 3, arbitrary: fc.constantFrom(...otherRoutes) },
  { weight: 2, arbitrary: fc.constantFrom(...oddPaths) },
  {
    weight: 1,
    arbitrary: fc.webPath().map((text) => (text === '' ? '/' : text)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...modelRoutes), fc.webQueryParameters())
      .map(([route, query]) => `${route}?${query}`),
  },
);

const method = fc.oneof(
  { weight: 12, arbitrary: fc.constant('POST') },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'GET',
      'PUT',
      'PATCH',
      'DELETE',
      'OPTIONS',
      'HEAD',
      'TRACE',
      'PROPFIND',
      'PURGE',
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('FETCH', 'post', 'P\0ST', 'QUERY') },
);

const latin = fc.string({ unit: 'binary-ascii', maxLength: 40 });
/** Valid header values: no control characters except tab. */
const headerText = fc
  .array(fc.integer({ min: 0x20, max: 0xff }), { maxLength: 60 })
  .map((codes) => String.fromCharCode(...codes.filter((code) => code !== 0x7f)));

const resumeId = fc.oneof(
  headerText,
  fc.constantFrom(
    '0',
    '-1',
    '.',
    'a.b',
    'x.1e9',
    '__proto__.1',
    '../../x.2',
    '9'.repeat(400),
    'a.-1',
    'a.1.2',
  ),
  fc
    .tuple(fc.stringMatching(/^[0-9a-f]{0,16}$/), fc.integer())
    .map(([answer, index]) => `${answer}.${index}`),
);

const header = fc.oneof(
  fc.tuple(fc.constant('last-event-id'), resumeId),
  fc.tuple(
    fc.constantFrom('cache-control'),
    fc.constantFrom(
      'no-cache',
      'no-store',
      'only-if-cached',
      'max-age=-1',
      'max-age=1e400',
      'max-age=',
      ',,=,',
      'stale-if-error=x',
    ),
  ),
  fc.tuple(
    fc.constantFrom(
      'x-cache-ttl',
      'x-cache-namespace',
      'x-cache-key',
      'x-cache-semantic',
      'cf-aig-skip-cache',
      'cf-aig-cache-ttl',
      'x-portkey-cache-force-refresh',
      'anthropic-version',
      'anthropic-beta',
      'openai-organization',
      'content-type',
      'content-encoding',
      'accept',
      'x-request-id',
      'x-api-key',
      'authorization',
      'origin',
      'cookie',
      '__proto__',
      'constructor',
    ),
    fc.oneof(
      headerText,
      fc.constantFrom(
        'true',
        '0',
        '-1',
        'NaN',
        'Infinity',
        '1e308',
        'Basic !!!',
        'Bearer',
        'application/json',
      ),
    ),
  ),
);

const surrogate = fc.constantFrom('\\ud800', '\\udfff\\ud800', '\\u0000', '\\ufeff');

const oddBodies: readonly string[] = [
  '',
  ' ',
  'null',
  'true',
  '0',
  '""',
  '[]',
  '{}',
  '{"model":',
  '{"model":"m","model":7}',
  '{"__proto__":{"model":"m"},"messages":[]}',
  '{"constructor":{"prototype":{}},"model":"m"}',
  `{"model":"m","messages":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
  `{"model":"m","input":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`,
  `{"model":"${'m'.repeat(10_000)}","messages":[{"role":"user","content":"x"}]}`,
  '{"model":"m","seed":1e400,"messages":[]}',
  '{"model":"m","max_tokens":9007199254740993,"messages":[{"role":"user","content":"x"}]}',
  '\ufeff{"model":"m","messages":[]}',
  '{"model":"m","messages":[{"role":"user","content":"x"}]} trailing',
  "{'model':'m'}",
];

const plainBody = {
  model: 'gpt-4o-mini',
  max_tokens: 20,
  input: 'Say hello',
  messages: [{ role: 'user', content: 'Say hello' }],
};

const member = fc.constantFrom(
  'model',
  'messages',
  'input',
  'stream',
  'stream_options',
  'cache',
  'tools',
  'tool_choice',
  'response_format',
  'n',
  'max_tokens',
  'max_completion_tokens',
  'temperature',
  'stop',
  'system',
  'metadata',
  'user',
  'seed',
  'logprobs',
  'modalities',
  'previous_response_id',
  'background',
  'dimensions',
  'encoding_format',
  'thinking',
  '__proto__',
);

/** A valid body with one or two invalid members: the kind of mistake that gets furthest. */
const mutated = fc
  .tuple(
    fc.constantFrom(
      'gpt-4o-mini',
      'claude-haiku-5-5',
      'text-embedding-3-small',
      'anthropic/claude-haiku-5-5',
      '/',
      'nobody/m',
    ),
    fc.array(
      fc.tuple(
        member,
        fc.oneof(
          fc.jsonValue({ maxDepth: 3 }),
          fc.constantFrom<unknown>(
            true,
            false,
            'true',
            {},
            [],
            null,
            { include_usage: true },
            { ttl: -1 },
            { namespace: {} },
            [{}],
            [null],
            [[]],
            [{ role: 7 }],
            [{ role: 'user', content: [{}] }],
            [{ type: 'function' }],
          ),
        ),
      ),
      { maxLength: 3 },
    ),
  )
  .map(([model, changes]) => JSON.stringify({ ...plainBody, model, ...Object.fromEntries(changes) }));

const body = fc.oneof(
  { weight: 6, arbitrary: mutated.map((text) => Buffer.from(text)) },
  { weight: 2, arbitrary: fc.json().map((text) => Buffer.from(text)) },
  { weight: 2, arbitrary: fc.constantFrom(...oddBodies).map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 1,
    arbitrary: surrogate.map((text) =>
      Buffer.from(`{"model":"gpt-4o-mini","max_tokens":9,"messages":[{"role":"user","content":"${text}"}]}`),
    ),
  },
  {
    // Invalid UTF-8 inside a string.
    weight: 1,
    arbitrary: fc
      .uint8Array({ minLength: 1, maxLength: 9 })
      .map((bytes) =>
        Buffer.concat([
          Buffer.from('{"model":"gpt-4o-mini","messages":[{"role":"user","content":"'),
          bytes,
          Buffer.from('"}]}'),
        ]),
      ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(mutated, fc.nat()).map(([text, at]) => Buffer.from(text.slice(0, at % text.length))),
  },
);

type Framing =
  | 'length'
  | 'chunked'
  | 'chunk-each'
  | 'both'
  | 'bad-size'
  | 'huge-size'
  | 'bad-end'
  | 'extension'
  | 'trailer'
  | 'short'
  | 'long'
  | 'two-lengths'
  | 'minus';

/** The framing of the body, correct in most cases. */
const framing = fc.oneof(
  { weight: 14, arbitrary: fc.constantFrom<Framing>('length', 'chunked', 'chunk-each') },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Framing>(
      'both',
      'bad-size',
      'huge-size',
      'bad-end',
      'extension',
      'trailer',
      'long',
      'two-lengths',
      'minus',
    ),
  },
);

function frame(kind: Framing, bytes: Buffer): { headers: string[]; body: Buffer } {
  const size = bytes.length.toString(16);
  const chunk = Buffer.concat([Buffer.from(`${size}\r\n`), bytes, Buffer.from('\r\n')]);
  const whole =
    bytes.length === 0 ? Buffer.from('0\r\n\r\n') : Buffer.concat([chunk, Buffer.from('0\r\n\r\n')]);
  const chunked = ['transfer-encoding: chunked'];
  switch (kind) {
    case 'chunked':
      return { headers: chunked, body: whole };
    case 'chunk-each': {
      const parts = [...bytes.subarray(0, 300)].map((byte) => Buffer.from([0x31, 13, 10, byte, 13, 10]));
      return { headers: chunked, body: Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]) };
    }
    case 'both':
      return { headers: [...chunked, `content-length: ${bytes.length}`], body: whole };
    case 'bad-size':
      return { headers: chunked, body: Buffer.from('xyz\r\nhello\r\n0\r\n\r\n') };
    case 'huge-size':
      return { headers: chunked, body: Buffer.from('ffffffffffffffffff\r\nhello\r\n0\r\n\r\n') };
    case 'bad-end':
      return {
        headers: chunked,
        body: Buffer.concat([Buffer.from(`${size}\r\n`), bytes, Buffer.from('XX0\r\n\r\n')]),
      };
    case 'extension':
      return { headers: chunked, body: Buffer.from('2;a="b;c"\r\n{}\r\n0\r\n\r\n') };
    case 'trailer':
      return {
        headers: chunked,
        body: Buffer.concat([chunk, Buffer.from('0\r\nx-trailer: 1\r\n__proto__: 2\r\n\r\n')]),
      };
    case 'long':
      return {
        headers: [`content-length: ${bytes.length}`],
        body: Buffer.concat([bytes, Buffer.from('GARBAGE\r\n\r\n')]),
      };
    case 'two-lengths':
      return {
        headers: [`content-length: ${bytes.length}`, `content-length: ${bytes.length + 1}`],
        body: bytes,
      };
    case 'minus':
      return { headers: ['content-length: -5'], body: bytes };
    default:
      return { headers: [`content-length: ${bytes.length}`], body: bytes };
  }
}

const host = fc.oneof(
  { weight: 20, arbitrary: fc.constant(['host: 127.0.0.1']) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ['host: evil.example'],
      ['host: '],
      ['host: 127.0.0.1', 'host: localhost'],
      [],
    ),
  },
);

/** Requests of all kinds, most of them invalid in one way and valid in all others. */
export const hostile: fc.Arbitrary<Hostile> = fc
  .record({
    path,
    method,
    host,
    headers: fc.array(header, { maxLength: 4 }),
    junk: fc.oneof({ weight: 30, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: latin }),
    body,
    framing,
  })
  .map((asked) => {
    const framed = frame(asked.framing, asked.body);
    const lines = [
      `${asked.method} ${asked.path} HTTP/1.1`,
      ...asked.host,
      ...asked.headers.map(([name, value]) => `${name}: ${value}`),
      ...(asked.junk === null ? [] : [asked.junk.replaceAll(/[\r\n]/g, '')]),
      ...framed.headers,
      'connection: close',
    ];
    const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
    return { path: asked.path, method: asked.method, bytes: Buffer.concat([head, framed.body]) };
  });
