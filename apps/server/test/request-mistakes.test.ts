import { createSimulator } from '@ai-toolkit/llm-simulator';
import { describe, expect, it } from 'vitest';
import { readJson } from './support/read-json.js';
import { createStage } from './support/stage.js';

interface Refused {
  readonly error: { readonly message: string };
}

describe('a request of the API', () => {
  it('is told what is wrong with it: which member, and what there is in its place', async () => {
    await using stage = await createStage();
    const { url } = stage;
    const said = async (path: string, body?: unknown): Promise<string> => {
      const response = await fetch(`${url}${path}`, {
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
        headers: { 'content-type': 'application/json' },
      });
      expect(response.status, path).toBe(400);
      return (await readJson<Refused>(response)).error.message;
    };
    expect(await said('/api/usage?sinse=1h')).toMatch(/^The query takes no "sinse"\./);
    expect(await said('/api/usage?by=colour')).toMatch(/^by in the query must be one of .*model.*tenant/);
    expect(await said('/api/usage/calls?limit=0')).toMatch(/^limit in the query must be >= 1\./);
    expect(await said('/api/projects', { name: 'x', colour: 'red' })).toMatch(
      /^The body takes no "colour"\./,
    );
    expect(await said('/api/projects', {})).toMatch(/^The body must have required property 'name'\./);
    expect(await said('/api/cache/explain', { surface: 'voice', body: {} })).toMatch(
      /^surface in the body must be one of chat, /,
    );
  });

  it('may say that it is JSON and have no body, where none is needed', async () => {
    await using stage = await createStage();
    const status = async (method: string, path: string): Promise<number> => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${stage.url}${path}`, { method, headers });
      await response.text();
      return response.status;
    };
    expect(await status('DELETE', '/api/cache/entries?tag=model:none')).toBe(200);
    expect(await status('DELETE', '/api/session')).toBe(200);
    expect(await status('DELETE', '/api/keys/none')).toBe(404);
    expect(await status('POST', '/api/projects/none/run')).toBe(404);
    expect(await status('POST', '/api/projects')).toBe(400);
    expect(await status('POST', '/api/keys')).toBe(400);
  });

  it('is told 404 where it names a stored answer that there is none of', async () => {
    await using stage = await createStage();
    const body = {
      surface: 'chat',
      body: { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Tides' }] },
      against: '0'.repeat(64),
    };
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    expect((await fetch(`${stage.url}/api/cache/explain`, init)).status).toBe(404);
  });

  it('is taken by the types that it has: null is no 0 and no empty text, and a number no text', async () => {
    await using simulator = await createSimulator();
    await using stage = await createStage({ environment: { OPENAI_BASE_URL: simulator.openaiBaseUrl } });
    const ask = async (method: string, path: string, body: unknown): Promise<number> => {
      const response = await fetch(`${stage.url}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      await response.text();
      return response.status;
    };
    expect(await ask('POST', '/api/projects', { name: 'Tides', description: 'A clock' })).toBe(201);
    expect(await ask('PATCH', '/api/projects/tides', { description: null })).toBe(400);
    expect(await ask('POST', '/api/projects', { name: 5 })).toBe(400);
    const run = { model: 'gpt-4o-mini', temperature: null };
    expect(await ask('POST', '/api/projects/tides/stages/1/run', run)).toBe(400);
    expect(simulator.requests()).toEqual([]);
    expect((await fetch(`${stage.url}/api/usage/calls?limit=5`)).status).toBe(200);
  });
});
