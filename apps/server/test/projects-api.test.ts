import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStage, type Stage } from './support/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage({ config: 'model = "gpt-4o-mini"\n' });
});
afterAll(() => stage[Symbol.asyncDispose]());

/** What the tests read of the answers, all in one. */
interface Body {
  readonly project: { readonly id: string; readonly version: number };
  readonly idea: string;
  readonly stages: readonly unknown[];
  readonly projects: readonly unknown[];
  readonly revisions: readonly { readonly revision: number; readonly origin: string }[];
  readonly document: { readonly text: string } | null;
  readonly partialText: string | null;
  readonly status: string;
  readonly error: { readonly code: string; readonly message: string };
}

interface Answer {
  readonly status: number;
  readonly body: Body;
  readonly headers: Headers;
}

async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(stage.url + path, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Body, headers: response.headers };
}

interface SseEvent {
  readonly event: string;
  readonly data: Record<string, unknown>;
}

function eventsOf(text: string): SseEvent[] {
  return text
    .split('\n\n')
    .filter((block) => block.includes('data: '))
    .map((block) => ({
      event: /^event: (.*)$/m.exec(block)?.[1] ?? '',
      data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? '{}'),
    }));
}

async function run(path: string, body?: unknown): Promise<SseEvent[]> {
  const response = await fetch(stage.url + path, {
    method: 'POST',
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  return eventsOf(await response.text());
}

describe('projects over HTTP', () => {
  it('are made, listed, changed and deleted', async () => {
    const made = await call('POST', '/api/projects', {
      name: 'Tide clock',
      description: 'Shows the tide.',
      tags: ['sea'],
      idea: 'A clock for the tide.',
    });
    expect(made.status).toBe(201);
    const { id } = made.body.project;
    expect(made.headers.get('location')).toBe(`/api/projects/${id}`);
    expect(made.body.idea).toBe('A clock for the tide.\n');
    expect(made.body.stages).toHaveLength(6);
    const { projects } = (await call('GET', '/api/projects')).body;
    expect(projects).toEqual([expect.objectContaining({ kind: 'project', id, stagesDone: 0 })]);
    const { version } = made.body.project;
    const changed = await call('PATCH', `/api/projects/${id}`, {
      description: 'Shows the moon.',
      idea: 'Another idea.',
      expectedVersion: version,
    });
    expect(changed.body).toMatchObject({
      project: { description: 'Shows the moon.' },
      idea: 'Another idea.',
    });
    const late = await call('PATCH', `/api/projects/${id}`, { description: 'x', expectedVersion: version });
    expect([late.status, late.body.error.code]).toEqual([409, 'STORE_CONFLICT']);
    const deleted = await call('DELETE', `/api/projects/${id}`);
    expect(deleted.body).toMatchObject({ deleted: true, trashPath: expect.any(String) });
    const gone = await call('GET', `/api/projects/${id}`);
    expect([gone.status, gone.body.error.code]).toEqual([404, 'STORE_PROJECT_NOT_FOUND']);
  });

  it('refuse what they do not understand, and say what', async () => {
    for (const [body, said] of [
      [{}, 'name'],
      [{ name: '' }, 'name'],
      [{ name: 'x', colour: 'red' }, 'takes no "colour"'],
      [{ name: 'x', path: '/etc' }, 'takes no "path"'],
    ] as const) {
      const { status, body: answer } = await call('POST', '/api/projects', body);
      expect([status, answer.error.code]).toEqual([400, 'BAD_REQUEST']);
      expect(answer.error.message).toContain(said);
    }
    const outside = await call('GET', `/api/projects/${encodeURIComponent('../keys')}`);
    expect([400, 404]).toContain(outside.status);
    const text = await fetch(`${stage.url}/api/projects`, { method: 'POST', body: 'name=x' });
    expect(text.status).toBe(400);
  });

  it('run a stage and tell what happens, and again at no cost', async () => {
    const { id } = (await call('POST', '/api/projects', { name: 'Runs', idea: 'A clock.' })).body.project;
    const plan = await call('GET', `/api/projects/${id}/plan?stages=1`);
    expect(plan.body).toMatchObject({ calls: 1, steps: expect.any(Array) });
    const events = await run(`/api/projects/${id}/stages/1/run`);
    expect(events.map(({ event }) => event).filter((name) => name !== 'text')).toEqual([
      'started',
      'usage',
      'done',
      'end',
    ]);
    const text = events.filter(({ event }) => event === 'text').map(({ data }) => data.text);
    const shown = await call('GET', `/api/projects/${id}/stages/1`);
    expect(shown.body.document?.text.trim()).toBe(text.join('').trim());
    expect(shown.body.status).toBe('done');
    const again = await run(`/api/projects/${id}/stages/1/run`);
    expect(again[0]).toMatchObject({ event: 'skipped', data: { reason: 'unchanged' } });
    expect(again.at(-1)).toEqual({ event: 'end', data: { ok: true } });
  });

  it('keep a history, tell differences and restore', async () => {
    const { id } = (await call('POST', '/api/projects', { name: 'History', idea: 'A clock.' })).body.project;
    const at = `/api/projects/${id}/stages/1`;
    expect((await call('GET', at)).body).toMatchObject({ status: 'not-started', document: null });
    await call('PUT', at, { text: 'First words.\n' });
    await call('PUT', at, { text: 'Second words.\n' });
    const { revisions } = (await call('GET', `${at}/history`)).body;
    expect(revisions.map(({ revision, origin }) => [revision, origin])).toEqual([
      [1, 'edit'],
      [2, 'edit'],
    ]);
    const diff = await call('GET', `${at}/diff?from=1`);
    expect(JSON.stringify(diff.body)).toContain('First words.');
    expect(JSON.stringify(diff.body)).toContain('Second words.');
    const restored = await call('POST', `${at}/restore`, { revision: 1 });
    expect(restored.body.document?.text).toBe('First words.\n');
    expect((await call('POST', `${at}/restore`, { revision: 9 })).status).toBe(404);
    expect((await call('GET', `${at}/diff?from=nine`)).status).toBe(400);
    expect((await call('POST', `${at}/reset`)).body).toEqual({ reset: true });
    expect((await call('GET', at)).body.document).toBeNull();
    const none = await call('GET', `/api/projects/${id}/stages/77`);
    expect([none.status, none.body.error.code]).toEqual([404, 'PLAN_STAGE_UNKNOWN']);
  });

  it('refuse a run with its status as long as nothing was said, and tell a later failure as an event', async () => {
    const { id } = (await call('POST', '/api/projects', { name: 'Fails', idea: 'A clock.' })).body.project;
    const unmet = await call('POST', `/api/projects/${id}/stages/3/run`);
    expect([unmet.status, unmet.body.error.code]).toEqual([409, 'PLAN_DEPENDENCY_UNMET']);
    stage.simulator.setFaults('status=400');
    const events = await run(`/api/projects/${id}/stages/1/run`);
    stage.simulator.clearFaults();
    expect(events.map(({ event }) => event)).toEqual(['started', 'failed', 'end']);
    expect(events[1]?.data).toMatchObject({ stage: 1, error: { code: 'AI_PROVIDER' } });
    expect(events[2]?.data).toEqual({ ok: false });
  });

  it('end a run whose reader leaves', async () => {
    const { id } = (await call('POST', '/api/projects', { name: 'Leaves', idea: 'A clock.' })).body.project;
    stage.simulator.setFaults('chunk-delay=50');
    const leaving = new AbortController();
    const response = await fetch(`${stage.url}/api/projects/${id}/stages/1/run`, {
      method: 'POST',
      signal: leaving.signal,
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let said = '';
    while (!said.includes('event: text')) said += (await reader?.read())?.value ?? '';
    leaving.abort();
    await expect.poll(() => stage.simulator.stats().abortedStreams).toBe(1);
    stage.simulator.clearFaults();
    await expect
      .poll(async () => (await call('GET', `/api/projects/${id}/stages/1`)).body.status)
      .not.toBe('running');
    const { document, partialText } = (await call('GET', `/api/projects/${id}/stages/1`)).body;
    expect(document).toBeNull();
    expect(partialText).toContain(eventsOf(said).find(({ event }) => event === 'text')?.data.text);
  });
});
