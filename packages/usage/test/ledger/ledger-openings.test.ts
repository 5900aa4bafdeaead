import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import type { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedger, type LedgerStatus } from '../../src/index.js';

/** `USAGE_OPENING_ROUNDS=200` for the long form. */
const rounds = Number(process.env.USAGE_OPENING_ROUNDS ?? 5);
const processes = 8;
const built = new URL('../../dist/index.js', import.meta.url).href;
const at = Date.UTC(2026, 10, 22, 23);

/** Opens the ledger of each line that it gets, records a call, and tells how it stood after either. */
const program = `
  import { createInterface } from 'node:readline';
  import { createLedger } from ${JSON.stringify(built)};
  console.log('ready');
  for await (const path of createInterface({ input: process.stdin })) {
    const ledger = createLedger({ path, clock: () => ${at} });
    await ledger.report();
    const opened = ledger.status();
    ledger.record({
      requestId: process.pid + '-1', startedAt: ${at}, surface: 'chat', provider: 'simulator', model: 'sim',
      tenant: 'default', streamed: false, cache: 'miss', status: 'ok', durationMs: 5, attempts: 1,
      usage: { inputTokens: 3, outputTokens: 2 },
    });
    await ledger.close();
    console.log(JSON.stringify({ opened, closed: ledger.status() }));
  }`;

interface Opener {
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  next(): Promise<string>;
}

function startOpener(): Opener {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, next: async () => String((await lines.next()).value) };
}

let folder: string;
let openers: readonly Opener[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usage-openings-'));
  openers = Array.from({ length: processes }, startOpener);
  expect(await Promise.all(openers.map(({ next }) => next()))).toEqual(openers.map(() => 'ready'));
});
afterAll(async () => {
  for (const { child } of openers) child.kill();
  await rm(folder, { recursive: true, force: true });
});

/** Lets all open the file in the same moment. What each tells of it at the end. */
async function openAtOnce(path: string): Promise<readonly LedgerStatus[]> {
  for (const { child } of openers) child.stdin.write(`${path}\n`);
  const told = await Promise.all(openers.map(async ({ next }) => JSON.parse(await next())));
  for (const { opened, closed } of told) {
    expect(opened).toMatchObject({ state: 'ok' });
    expect(closed).toMatchObject({ written: 1, dropped: 0 });
  }
  return told.map(({ closed }) => closed);
}

describe(`${processes} processes that open a ledger in the same moment`, { timeout: 30_000 * rounds }, () => {
  it(`make one new file of it, ${rounds} times over`, async () => {
    for (let round = 0; round < rounds; round += 1) {
      const path = join(folder, `new-${round}`, 'usage.db');
      for (const { problem } of await openAtOnce(path)) expect(problem).toBeNull();
      await using ledger = createLedger({ path, clock: () => at });
      expect((await ledger.report()).totals.calls).toBe(processes);
    }
  });

  it(`bring an older file forward once, and lose nothing of it, ${rounds} times over`, async () => {
    const older = join(folder, 'older.db');
    const database = new DatabaseSync(older);
    database.exec(await readFile(new URL('../fixtures/ledger-2.sql', import.meta.url), 'utf8'));
    database.close();
    for (let round = 0; round < rounds; round += 1) {
      const path = join(folder, `older-${round}.db`);
      await copyFile(older, path);
      for (const { problem } of await openAtOnce(path)) expect(problem).toBeNull();
      await using ledger = createLedger({ path, clock: () => at });
      expect((await ledger.report()).totals.calls).toBe(40 + processes);
    }
  });

  it(`move a damaged file aside once, and nothing of the new one, ${rounds} times over`, async () => {
    const garbage = 'this is no database '.repeat(500);
    for (let round = 0; round < rounds; round += 1) {
      const place = join(folder, `damaged-${round}`);
      const path = join(place, 'usage.db');
      await mkdir(place);
      await writeFile(path, garbage);
      const moved = (await openAtOnce(path)).flatMap(({ setAside }) => setAside);
      await using ledger = createLedger({ path, clock: () => at });
      expect((await ledger.report()).totals.calls).toBe(processes);
      expect(moved).toHaveLength(1);
      const aside = (await readdir(place)).filter((name) => name.includes('damaged'));
      expect(aside.map((name) => join(place, name))).toEqual(moved);
      expect(await readFile(String(moved[0]), 'utf8')).toBe(garbage);
    }
  });
});
