import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, it } from 'vitest';
import { validateSources } from '../../src/config/load.js';
import { askServer } from '../../src/server/ask-server.js';

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ family }) => family === 'IPv6'),
);

/** Asks a server that listens on `host`. */
async function ask(host: string): Promise<{ url: string; server: string; value?: unknown }> {
  await using server = createServer(({ headers }, response) =>
    response.end(JSON.stringify({ asked: headers.host })),
  );
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const config = validateSources([]);
  const answer = await askServer({ ...config, server: { ...config.server, host, port } }, '/api/limits');
  return { ...answer, url: `:${port}` };
}

async function expectAsked(host: string, asked: string): Promise<void> {
  const { url, ...answer } = await ask(host);
  expect(answer).toEqual({ server: `http://${asked}${url}`, value: { asked: `${asked}${url}` } });
}

it.each([
  ['127.0.0.1', '127.0.0.1'],
  ['0.0.0.0', '127.0.0.1'],
])('asks a server that listens on %s at %s', expectAsked);

it.skipIf(!hasIpv6).each([
  ['::1', '[::1]'],
  ['::', '[::1]'],
  // A longer spelling of the same address.
  ['0:0:0:0:0:0:0:0', '[::1]'],
])('asks a server that listens on %s at %s', expectAsked);
