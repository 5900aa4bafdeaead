import { createServer, request as forward } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { openaiProvider } from '../../src/index.js';
import { chat, run } from '../support/run-exchange.js';
import { createStage } from '../support/stage.js';

afterEach(() => vi.unstubAllEnvs());

/** A proxy for plain HTTP that lists what goes through it. */
async function createProxy(): Promise<AsyncDisposable & { readonly url: string; readonly passed: string[] }> {
  const passed: string[] = [];
  const server = createServer((incoming, outgoing) => {
    passed.push(incoming.url ?? '');
    const { method, headers } = incoming;
    const onward = forward(incoming.url ?? '', { method: method ?? 'GET', headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  server.on('connect', ({ url = '' }, client) => {
    passed.push(url);
    const [host = '', port] = url.split(':');
    const onward = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      client.pipe(onward).pipe(client);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    passed,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

it('a proxy that cannot be used is told as such, and closes', async () => {
  vi.stubEnv('NODE_USE_ENV_PROXY', '1');
  vi.stubEnv('http_proxy', 'proxy:8080');
  await using stage = await createStage({ maxRetries: 0 });
  const { error } = await run(stage.pipeline, chat('Tides?'));
  expect(error).toMatchObject({ code: 'AI_UNREACHABLE', hint: expect.stringContaining('HTTP_PROXY') });
});

it('a proxy that refuses a tunnel is told with its answer', async () => {
  const proxy = createServer().on('connect', (_request, socket) => {
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('NODE_USE_ENV_PROXY', '1');
  vi.stubEnv('https_proxy', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  const providers = [openaiProvider('https://provider.test/v1', 'key')];
  await using stage = await createStage({ providers, maxRetries: 0 });
  const { error } = await run(stage.pipeline, chat('Tides?'));
  expect(error).toMatchObject({ code: 'AI_UNREACHABLE', message: expect.stringContaining('407') });
  proxy.close();
});

it.each([
  ['1', '', 1],
  // Not asked for, or not for this server.
  [undefined, '', 0],
  ['1', '127.0.0.1', 0],
] as const)(
  'the proxy of the environment is used where Node itself uses it: NODE_USE_ENV_PROXY=%s NO_PROXY=%s',
  async (used, except, times) => {
    await using proxy = await createProxy();
    vi.stubEnv('NODE_USE_ENV_PROXY', used);
    vi.stubEnv('http_proxy', proxy.url);
    vi.stubEnv('no_proxy', except);
    await using stage = await createStage();
    for (const stream of [false, true]) {
      const { head } = await run(stage.pipeline, chat('Tides?', { stream }, { cache: { read: false } }));
      expect(head).toMatchObject({ status: 200, cache: 'refresh' });
    }
    expect(stage.simulator.requests()).toHaveLength(2);
    expect(proxy.passed).toHaveLength(2 * times);
  },
);
