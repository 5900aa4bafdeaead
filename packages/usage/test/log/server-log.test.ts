import { describe, expect, it } from 'vitest';
import { createServerLog, type LogLevel, prettyDestination, type ServerLog } from '../../src/log/index.js';
import { createTimestamps } from '../../src/log/timestamps.js';
import { sampleCall } from '../sample-call.js';

const secrets = [
  'sk-proj-abcdefghijklmnopqrstuvwx',
  `ait-${'A'.repeat(43)}`,
  'hunter2-password',
  'eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.SflKxwRJSMeKKF2QT4',
];
const prompt = 'the plans of the harbour';

function collect(
  level: LogLevel,
  prompts = false,
): { readonly log: ServerLog; readonly lines: Record<string, unknown>[]; readonly text: () => string } {
  const written: string[] = [];
  const lines: Record<string, unknown>[] = [];
  const destination = {
    write: (line: string) => {
      written.push(line);
      lines.push(JSON.parse(line) as Record<string, unknown>);
    },
  };
  return { log: createServerLog({ level, prompts, destination }), lines, text: () => written.join('') };
}

/** Everything that the log is told, with a secret and the prompt in every place that a caller can fill. */
function tellAll(log: ServerLog): void {
  for (const secret of secrets) {
    log.call(sampleCall({ model: secret }));
    log.call(
      sampleCall({ model: `https://user:${secret}@host/x`, status: 'error', errorCode: 'AI_UNREACHABLE' }),
    );
    log.request({
      requestId: 'r',
      method: 'POST',
      path: `/v1/${secret === 'hunter2-password' ? 'x' : secret}`,
      httpStatus: 401,
    });
    log.error('failed', { reason: `redis://:${secret}@127.0.0.1:6379 said no to Bearer ${secret}` });
    log.warn('failed', { reason: `?key=${secret}` });
    const url = `postgres://user:${secret}@host/x`;
    log.error(`failed: ${url}`, {
      err: new Error(`no answer from\n${url}`, { cause: new Error(url) }),
      reasons: [url, { of: { cause: url } }],
      "a 'quote'": 'http://host',
      mail: 'a@host',
    });
  }
  log.prompt?.('r', Buffer.from(JSON.stringify({ messages: [{ content: prompt }] })));
}

describe('the log of a server', () => {
  it('writes a line for a call: who, what, how it went, what it took', () => {
    const { log, lines } = collect('info');
    log.call(
      sampleCall({
        requestId: 'id',
        tenant: 'a',
        labels: { key: 'k1', project: 'not told' },
        durationMs: 12.3456,
        attempts: 2,
      }),
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'info',
      msg: 'call',
      requestId: 'id',
      surface: 'chat',
      provider: 'openai',
      model: 'gpt-4o-mini',
      tenant: 'a',
      key: 'k1',
      outcome: 'miss',
      status: 'ok',
      attempts: 2,
      durationMs: 12.346,
      inputTokens: expect.any(Number),
      outputTokens: expect.any(Number),
    });
    expect(new Date(String(lines[0]?.time)).getTime()).toBeGreaterThan(0);
    expect(JSON.stringify(lines)).not.toContain('not told');
  });

  it.each([
    ['silent', 0],
    ['error', 1],
    ['warn', 3],
    ['info', 5],
    ['trace', 5],
  ] as const)('at %s writes %d of five lines', (level, count) => {
    const { log, lines } = collect(level);
    log.call(sampleCall());
    log.call(sampleCall({ status: 'error' }));
    log.request({ requestId: 'r', method: 'GET', path: '/x', httpStatus: 404 });
    log.request({ requestId: 'r', method: 'GET', path: '/x', httpStatus: 503 });
    log.error('worker ended');
    expect(lines).toHaveLength(count);
  });

  it.each(['trace', 'info', 'warn', 'error'] as const)(
    'at %s holds no secret and nothing of what is asked',
    (level) => {
      const { log, text } = collect(level);
      tellAll(log);
      for (const secret of secrets)
        expect(text()).not.toContain(secret === 'hunter2-password' ? `:${secret}@` : secret);
      expect(text()).not.toContain(prompt);
    },
  );

  it('writes what is asked where it was told to, without the secrets in it, and not all of it', () => {
    const { log, lines, text } = collect('info', true);
    tellAll(log);
    expect(text()).toContain(prompt);
    log.prompt?.('long', Buffer.from(`${secrets[0]} ${'x'.repeat(100_000)}`));
    expect(lines.at(-1)).toMatchObject({ msg: 'prompt', promptBytes: 100_033 });
    expect(String(lines.at(-1)?.prompt).length).toBeLessThan(9000);
    expect(text()).not.toContain(secrets[0]);
  });

  it('leaves an event as it was told where it holds no secret', () => {
    const { log, lines } = collect('info');
    const facts = {
      url: 'http://host',
      mail: 'a@host',
      worker: 7,
      ended: { code: null },
      'odd "name"': [true],
    };
    log.warn('worker ended', facts);
    expect(lines[0]).toMatchObject({ level: 'warn', msg: 'worker ended', ...facts });
  });

  it('cuts names that callers make up, and stays one line', () => {
    const { log, lines, text } = collect('info');
    log.call(sampleCall({ model: `${'m'.repeat(100_000)}` }));
    log.call(sampleCall({ model: 'a\n{"level":"info","msg":"forged"}' }));
    expect(text().length).toBeLessThan(2000);
    expect(text().trim().split('\n')).toHaveLength(2);
    expect(lines).toHaveLength(2);
  });

  it('writes nothing after its end', () => {
    const { log, lines } = collect('info');
    log.close();
    log.close();
    log.call(sampleCall());
    log.info('late');
    expect(lines).toEqual([]);
  });

  it('is short for a person', () => {
    let shown = '';
    const destination = prettyDestination(
      (text) => {
        shown += text;
      },
      { color: false },
    );
    const log = createServerLog({ level: 'info', destination });
    log.call(sampleCall({ httpStatus: 200, durationMs: 1234.5 }));
    log.request({
      requestId: 'r',
      method: 'POST',
      path: '/v1/messages',
      httpStatus: 401,
      errorCode: 'KEYS_REJECTED',
    });
    log.warn('worker ended', { pid: 7, restartMs: 100 });
    const [call, request, event] = shown.split('\n');
    expect(call).toMatch(/^\d\d:\d\d:\d\d 200 miss gpt-4o-mini \(openai\) 1235 ms \d+\+\d+ tokens$/);
    expect(request).toMatch(/ 401 POST \/v1\/messages KEYS_REJECTED$/);
    expect(event).toContain('worker ended restartMs=100');
  });
});

describe('the line of a call', () => {
  it('is JSON whatever a name holds', () => {
    const { log, lines } = collect('info');
    const odd = 'a"b\\c\n{"msg":"forged"}\u2028';
    log.call(sampleCall({ requestId: odd, tenant: odd, provider: odd, model: odd, labels: { key: odd } }));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ requestId: odd, tenant: odd, provider: odd, model: odd, key: odd });
  });

  it('has null for a number that JSON has not', () => {
    const { log, lines } = collect('info');
    log.call(sampleCall({ durationMs: Number.NaN, usage: { inputTokens: Infinity, outputTokens: 1 } }));
    expect(lines[0]).toMatchObject({ durationMs: null, inputTokens: null, outputTokens: 1 });
  });
});

describe('timestamps', () => {
  it('are those of `Date`', () => {
    const timestamp = createTimestamps();
    for (const now of [0, 7, 999, 1000, 1_700_000_000_042, 1_700_000_000_999, 1_700_000_001_000, 999])
      expect(timestamp(now)).toBe(new Date(now).toISOString());
  });
});
