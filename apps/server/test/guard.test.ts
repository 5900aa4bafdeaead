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

  it('refuses what a page of another site loads as a picture, and lets it link to the dashboard', async () => {
    await using home = await createHome();
    await using server = await startServerProcess(home.path);
    const statusOf = async (path: string, headers: Record<string, string>) =>
      (await get(server.url + path, headers)).status;
    const foreign = { 'sec-fetch-site': 'cross-site' };
    for (const path of ['/api/diagnostics', '/%61pi/diagnostics', '/v1/models'])
      expect(await statusOf(path, foreign), path).toBe(403);
    expect(await statusOf('/', foreign)).toBe(200);
    for (const site of ['same-origin', 'none'])
      expect(await statusOf('/api/info', { 'sec-fetch-site': site })).toBe(200);
    // To a browser, localhost and 127.0.0.1 are two sites.
    expect(await statusOf('/api/info', { ...foreign, origin: 'http://localhost:3000' })).toBe(200);
  });
});
