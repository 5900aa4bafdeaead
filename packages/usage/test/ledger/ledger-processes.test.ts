import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedger } from '../../src/index.js';

const built = new URL('../../dist/index.js', import.meta.url).href;

/** Records calls as another process would: the program gets `ledger` and `call(n)`. */
async function inProcess(path: string, program: string) {
  const script = `
    import { createLedger } from ${JSON.stringify(built)};
    const ledger = createLedger({ path: ${JSON.stringify(path)}, flushIntervalMs: 1 });
    const call = (n) => ({
      requestId: process.pid + '-' + n, startedAt: Date.UTC(2026, 10, 22), surface: 'chat', provider: 'simulator',
      model: 'sim', tenant: 'default', streamed: false, cache: 'miss', status: 'ok', durationMs: 5, attempts: 1,
      usage: { inputTokens: 3, outputTokens: 2 },
    });
    ${program}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [[code, signal], stdout, stderr] = await Promise.all([
    once(child, 'close'),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, signal, stdout, stderr };
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usage-processes-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('several processes on one ledger', { timeout: 60_000 }, () => {
  it('lose nothing and count nothing twice', async () => {
    const path = join(folder, 'shared', 'usage.db');
    const program = `
      for (let n = 0; n < 2000; n += 1) {
        ledger.record(call(n));
        if (n % 100 === 0) await ledger.flush();
      }
      await ledger.close();
      console.log(JSON.stringify(ledger.status()));`;
    const results = await Promise.all([1, 2, 3, 4].map(() => inProcess(path, program)));
    for (const { code, stdout } of results) {
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ written: 2000, dropped: 0, setAside: [] });
    }
    await using ledger = createLedger({ path });
    expect((await ledger.report()).totals).toMatchObject({
      calls: 8000,
      tokens: { billed: { input: 24_000, output: 16_000 } },
    });
  });

  it('print nothing, though the SQLite of older versions of Node is called experimental', async () => {
    const { stderr, stdout } = await inProcess(
      join(folder, 'quiet.db'),
      'ledger.record(call(1)); await ledger.close();',
    );
    expect({ stderr, stdout }).toEqual({ stderr: '', stdout: '' });
  });

  it('end by themselves with a ledger left open', async () => {
    const { code } = await inProcess(
      join(folder, 'open.db'),
      'ledger.record(call(1)); await ledger.flush();',
    );
    expect(code).toBe(0);
  });

  it('may be killed at any time: what was flushed is there, and the file is sound', async () => {
    const path = join(folder, 'killed.db');
    const program = `
      for (let n = 0; n < 1000; n += 1) ledger.record(call(n));
      await ledger.flush();
      for (let n = 1000; n < 1300; n += 1) ledger.record(call(n));
      void ledger.flush();
      process.kill(process.pid, 'SIGKILL');`;
    expect((await inProcess(path, program)).signal).toBe('SIGKILL');
    await using ledger = createLedger({ path });
    const { totals } = await ledger.report();
    expect(totals.calls).toBeGreaterThanOrEqual(1000);
    expect(totals.tokens.billed.input).toBe(3 * totals.calls);
    expect(ledger.status()).toMatchObject({ state: 'ok', setAside: [] });
  });
});
