import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createHome, startServerProcess } from './support/server-process.js';

function get(
  url: string,
  headers: Record<string, string>,
): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { headers }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode, body }), reject);
    });
    outgoing.on('error', reject).end();
  });
}

describe('guard', () => {
  it('refuses other names of this address and pages of other sites, on every route', async () => {
    await using home = await createHome();
    await using server = await startServerProcess(home.path);
    for (const path of ['/', '/healthz', '/api/usage', '/v1/chat/completions']) {
      for (const headers of [
        { host: 'rebound.example' },
        { origin: 'https://evil.example' },
        { origin: 'null' },
      ]) {
        const { status, body } = await get(server.url + path, headers as Record<string, string>);
        expect(status).toBe(403);
        expect(JSON.parse(body).error.code).toBe('FORBIDDEN');
      }
    }
    const { port } = new URL(server.url);
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
      expect((await get(`${server.url}/healthz`, { host })).status).toBe(200);
    }
    expect((await get(`${server.url}/healthz`, { origin: 'http://localhost:3000' })).status).toBe(200);
  });
});
