import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createSimulator, type Simulator, type SimulatorOptions } from '@ai-toolkit/llm-simulator';
import { describe, expect, it } from 'vitest';
import { createKey, keysOf } from './support/keys.js';
import { askAlone } from './support/own-connection.js';
import { readJson } from './support/read-json.js';
import { createHome, type ServerProcess, spawnServer, startServerProcess } from './support/server-process.js';
import { peerPortsOf } from './support/sockets.js';

interface Info {
  readonly workers: readonly { readonly pid: number; readonly restarts: number; readonly state: string }[];
}

interface Stage extends AsyncDisposable {
  readonly home: string;
  readonly simulator: Simulator;
  readonly server: ServerProcess;
}

async function createStage(options: SimulatorOptions = {}): Promise<Stage> {
  const stack = new AsyncDisposableStack();
  const simulator = stack.use(await createSimulator(options));
  const home = stack.use(await createHome());
  // Nobody knows the prices of a server that only speaks as OpenAI's does.
  await writeFile(
    join(home.path, 'config.toml'),
    '[prices."openai-compatible/*"]\ninputUsd = 0.15\noutputUsd = 0.6\n',
  );
  const environment = { OPENAI_BASE_URL: simulator.openaiBaseUrl, AI_TOOLKIT_WORKERS: '2' };
  const server = stack.use(await startServerProcess(home.path, environment));
  return { home: home.path, simulator, server, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Of a machine that does other things as well. */
const patience = { timeout: 10_000 };

async function workersOf(url: string): Promise<Info['workers']> {
  return (await readJson<Info>(fetch(`${url}/api/info`))).workers;
}

function bearer(secret: string): { authorization: string } {
  return { authorization: `Bearer ${secret}` };
}

async function statuses(
  url: string,
  prompts: readonly string[],
  headers: Record<string, string>,
  body: Record<string, unknown> = {},
): Promise<number[]> {
  const found: number[] = [];
  for (const prompt of prompts) {
    const answer = await askAlone(url, prompt, body, headers);
    await answer.text;
    found.push(answer.status);
  }
  return found;
}

describe('workers', { timeout: 60_000 }, () => {
  it('share answers: a miss of one is a hit of the others, and what all are asked at once is asked once', async () => {
    await using stage = await createStage({ faults: ['delay=300'] });
    const { url } = stage.server;
    const first = await askAlone(url, 'Who shares?');
    await first.text;
    expect(first.headers['x-cache']).toBe('MISS');
    for (let round = 0; round < 4; round++)
      expect((await askAlone(url, 'Who shares?', { stream: round % 2 === 0 })).headers['x-cache']).toBe(
        'HIT',
      );
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => askAlone(url, 'All at once', { stream: index % 3 === 0 })),
    );
    await Promise.all(answers.map(({ text }) => text));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(stage.simulator.stats().requests).toBe(2);
  });

  it('count the requests of a key together, and hold its budget together', async () => {
    await using stage = await createStage({ faults: ['delay=300'] });
    const { url } = stage.server;
    const limited = await createKey(stage.home, { requestsPerMinute: 6 });
    await expect
      .poll(async () => (await askAlone(url, 'Hi', {}, bearer(limited))).status, patience)
      .toBe(200);
    const rest = Array.from({ length: 11 }, (_, index) => `call ${index}`);
    expect(await statuses(url, rest, bearer(limited))).toEqual([
      ...Array(5).fill(200),
      ...Array(6).fill(429),
    ]);
    const { gatewayKeys } = await readJson<{
      readonly gatewayKeys: Record<string, { readonly counts: { readonly granted: number } }>;
    }>(fetch(`${url}/api/limits`));
    expect(Object.values(gatewayKeys).map(({ counts }) => counts.granted)).toEqual([6]);

    // Each answer costs up to 1,000 output tokens at $0.60 a million, and what is asked is less than a thousandth of that.
    const poor = await createKey(stage.home, { name: 'poor', budget: { usd: 0.00125, per: 'total' } });
    const dear = { max_tokens: 1000 };
    await expect
      .poll(async () => (await askAlone(url, 'Hi', { max_tokens: 1 }, bearer(poor))).status, patience)
      .toBe(200);
    const asked = Array.from({ length: 8 }, (_, index) => askAlone(url, `dear ${index}`, dear, bearer(poor)));
    const allowed = (await Promise.all(asked)).filter(({ status }) => status === 200);
    // More than two do not fit at once; one that has ended makes room.
    expect(allowed.length).toBeLessThan(8);
    expect(allowed.length).toBeGreaterThan(0);
    await using keyring = keysOf(stage.home);
    const spent = (await keyring.list()).find(({ name }) => name === 'poor')?.spending?.spentUsd;
    expect(spent).toBeLessThanOrEqual(0.00125);
  });

  it('hold one limit towards the provider', async () => {
    await using stage = await createStage({ faults: ['delay=50'], limits: { requestsPerMinute: 600 } });
    const { url } = stage.server;
    for (let round = 0; round < 12; round++) await (await askAlone(url, `call ${round}`)).text;
    const { keys } = await readJson<{
      readonly keys: Record<string, { readonly limits: { readonly requestsPerMinute?: object } }>;
    }>(fetch(`${url}/api/limits`));
    const limit = keys['openai-compatible:gpt-4o-mini']?.limits.requestsPerMinute;
    expect(limit).toMatchObject({ limit: 600 });
    expect((limit as { used: number }).used).toBeGreaterThanOrEqual(12);
  });

  it('tell of all of them, whichever is asked', async () => {
    await using stage = await createStage();
    const { url } = stage.server;
    const events = await fetch(`${url}/api/usage/events`);
    const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toContain(': open');
    // That somebody listens has reached all workers when their answers come in.
    await workersOf(url);
    for (let round = 0; round < 6; round++) await (await askAlone(url, `call ${round}`)).text;
    for (let round = 0; round < 3; round++) {
      const exposed = await (await fetch(`${url}/metrics`, { headers: { connection: 'close' } })).text();
      expect(exposed).toContain('provider="openai-compatible",model="gpt-4o-mini",outcome="miss"} 6');
    }
    // A worker that finds the ledger locked by another one for long writes a second later.
    const callsInLedger = async (): Promise<number> =>
      (await readJson<{ readonly totals: { readonly calls: number } }>(fetch(`${url}/api/usage`))).totals
        .calls;
    await expect.poll(callsInLedger, { timeout: 20_000 }).toBe(6);
    const { tiers } = await readJson<{
      readonly tiers: readonly { readonly name: string; entries: number }[];
    }>(fetch(`${url}/api/cache`));
    expect(tiers.find(({ name }) => name === 'disk')?.entries).toBe(6);
    let told = '';
    while ((told.match(/^event: call$/gm)?.length ?? 0) < 6) told += (await reader?.read())?.value ?? '';
    await reader?.cancel();
  });

  it('die alone: one that is killed takes its own requests with it, and another one comes', async () => {
    await using stage = await createStage({ faults: ['chunk-delay=200'] });
    const { url } = stage.server;
    const before = await workersOf(url);
    expect(before).toMatchObject([{ state: 'ready' }, { state: 'ready' }]);
    const streams = await Promise.all(
      Array.from({ length: 16 }, (_, index) => askAlone(url, `Tell me of tide ${index}`, { stream: true })),
    );
    const whole = streams.map(({ text }) =>
      text.then(
        (all) => all.trimEnd().endsWith('data: [DONE]'),
        () => false,
      ),
    );
    const [victim] = before;
    if (victim === undefined) throw new Error('no worker');
    const taken = await peerPortsOf(victim.pid);
    process.kill(victim.pid, 'SIGKILL');
    const lost = streams.map(({ port }) => taken.has(port));
    expect(lost).toContain(true);
    expect(lost).toContain(false);
    expect(await Promise.all(whole)).toEqual(lost.map((isLost) => !isLost));
    // Requests that come meanwhile are served by the one that is left.
    expect(await statuses(url, ['after', 'the', 'end'], {})).toEqual([200, 200, 200]);
    await expect
      .poll(() => workersOf(url), { timeout: 20_000 })
      .toMatchObject([
        { restarts: 1, state: 'ready' },
        { restarts: 0, state: 'ready' },
      ]);
    expect(stage.server.stderr()).toContain(String(victim.pid));
    expect((await askAlone(url, 'after')).headers['x-cache']).toBe('HIT');
  });

  it('end what they have begun after SIGTERM, all of them, and exit 0', async () => {
    await using stage = await createStage({ faults: ['chunk-delay=20'] });
    const { url } = stage.server;
    const streams = await Promise.all(
      Array.from({ length: 6 }, (_, index) => askAlone(url, `Say hello ${index}`, { stream: true })),
    );
    const ended = stage.server.end('SIGTERM');
    for (const { text } of streams) expect((await text).trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(await ended).toBe(0);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it('end with their parent, whatever ends it', async () => {
    await using stage = await createStage();
    const workers = await workersOf(stage.server.url);
    await stage.server.end('SIGKILL');
    for (const { pid } of workers) await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  });

  it('do not start where one of them cannot', async () => {
    await using home = await createHome();
    await using taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = String((taken.address() as AddressInfo).port);
    const child = spawnServer(home.path, { AI_TOOLKIT_PORT: port, AI_TOOLKIT_WORKERS: '2' });
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    expect(child.output.stderr).toContain('--port');
    expect(child.output.stderr.trim().split('\n')).toHaveLength(1);
    const wrong = spawnServer(home.path, {}, ['--workers', 'many']);
    expect((await once(wrong, 'close'))[0]).toBe(2);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
