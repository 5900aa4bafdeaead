import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HeadWriter } from '../src/gateway/head-writer.js';

const heads = new HeadWriter();
let writtenByNode = 0;
const body = '{"answer":42}';

/** The same head twice: as Node writes it, and as the writer does. */
const server = createServer({ keepAliveTimeout: 7000 }, answer);
let port: number;

function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '', 'http://server');
  const status = Number(url.searchParams.get('status') ?? 200);
  const headers = {
    'content-type': 'application/json',
    'x-value': url.searchParams.get('value') ?? 'plain',
    ...(url.searchParams.has('chunked') ? {} : { 'content-length': String(body.length) }),
  };
  const writeHead = response.writeHead.bind(response);
  response.writeHead = (...args: [number]) => {
    writtenByNode += 1;
    return writeHead(...args);
  };
  if (url.searchParams.has('preset')) response.setHeader('x-preset', 'yes');
  try {
    if (url.pathname === '/node') response.writeHead(status, headers);
    else heads.write(response, status, headers);
  } catch (error) {
    response.writeHead(500, { 'content-length': '0', 'x-code': (error as NodeJS.ErrnoException).code ?? '' });
    response.end();
    return;
  }
  if (url.searchParams.has('chunked')) response.write(body);
  response.end(url.searchParams.has('chunked') ? undefined : body, 'latin1');
}

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** All that comes back for bytes that are sent, to the end of the connection or of so many answers. */
async function exchange(sent: string, answers: number): Promise<string> {
  const end = sent.includes('chunked') ? '\r\n0\r\n\r\n' : body;
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('latin1');
  socket.write(sent, 'latin1');
  let received = '';
  for await (const text of socket) {
    received += text;
    if (received.split(end).length > answers) break;
  }
  return received;
}

const withoutDate = (text: string): string => text.replaceAll(/Date: [^\r]+GMT\r\n/g, 'Date\r\n');

const requests: Readonly<Record<string, (path: string) => string>> = {
  'HTTP/1.1': (path) => `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n`,
  'HTTP/1.0': (path) => `POST ${path} HTTP/1.0\r\ncontent-length: 0\r\n\r\n`,
  'HTTP/1.0 that stays': (path) =>
    `POST ${path} HTTP/1.0\r\nconnection: keep-alive\r\ncontent-length: 0\r\n\r\n`,
  'a connection that is to be closed': (path) =>
    `POST ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
  'a client that waits to be told to go on': (path) =>
    `POST ${path} HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 0\r\n\r\n`,
};

const queries: Readonly<Record<string, string>> = {
  'a plain answer': '?',
  'an answer in chunks': '?chunked=',
  'a status of another text': '?status=201',
  'an error': '?status=429',
  'a header that was set before': '?preset=',
  'Latin-1': `?value=${encodeURIComponent('café')}`,
};

describe('a head', () => {
  describe.each(Object.keys(requests))('for %s', (kind) => {
    it.each(Object.keys(queries))('is what Node writes: %s', async (name) => {
      const request = requests[kind] as (path: string) => string;
      const [node, ours] = await Promise.all(
        ['/node', '/ours'].map((path) => exchange(request(path + queries[name]), 1)),
      );
      expect(withoutDate(ours as string)).toBe(withoutDate(node as string));
      expect(ours).toMatch(/\r\nDate: \w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT\r\n/);
    });
  });

  it('is whole in each of many answers on one connection, sent before any was read', async () => {
    const request = (requests['HTTP/1.1'] as (path: string) => string)('/ours?');
    const received = await exchange(request.repeat(50), 50);
    const [first, ...others] = withoutDate(received)
      .split(body)
      .filter((part) => part !== '');
    expect(others).toHaveLength(49);
    expect(new Set(others)).toEqual(new Set([first]));
  });

  it.each(['/ours?', '/ours?chunked='])('is not written by Node once one was: %s', async (path) => {
    const request = (requests['HTTP/1.1'] as (path: string) => string)(path);
    await exchange(request, 1);
    writtenByNode = 0;
    await exchange(request.repeat(10), 10);
    expect(writtenByNode).toBe(0);
  });

  it('cannot be made to hold a line that nobody wrote', async () => {
    const request = requests['HTTP/1.1'] as (path: string) => string;
    const value = encodeURIComponent('a\r\nset-cookie: stolen=1');
    const sent = request(`/ours?value=${value}`).replace('host', 'connection: close\r\nhost');
    const received = await exchange(sent, 1);
    expect(received).toContain('x-code: ERR_INVALID_CHAR');
    expect(received).not.toContain('set-cookie');
  });

  it('has the time of now', async () => {
    const request = (requests['HTTP/1.1'] as (path: string) => string)('/ours?');
    const told = async () => Date.parse(/Date: ([^\r]+)/.exec(await exchange(request, 1))?.[1] ?? '');
    const before = Date.now();
    expect(await told()).toBeLessThanOrEqual(Date.now());
    // Whole seconds are told: the next one comes soon.
    await expect.poll(told, { timeout: 5000 }).toBeGreaterThan(before);
    expect(await told()).toBeLessThanOrEqual(Date.now());
  });
});
