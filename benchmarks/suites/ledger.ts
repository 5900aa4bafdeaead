import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallRecord } from '@ai-toolkit/ai-client';
import { type CallsQuery, createLedger, type Ledger, type ReportGroup } from '@ai-toolkit/usage';
import { createMetrics } from '@ai-toolkit/usage/metrics';
import { buildLargeLedger } from '../support/large-ledger.ts';
import { createTraffic, rareTenant } from '../support/ledger-traffic.ts';
import { measureNanoseconds, type TimedSubject } from '../support/measure-nanoseconds.ts';
import type { Suite, Table } from '../support/suite.ts';

/** Overridden by `LEDGER_ROWS`. */
const rows = Number(process.env.LEDGER_ROWS ?? 10_000_000);
/** Where to keep the large ledger between runs. Default: it is built for each run. */
const keptPath = process.env.LEDGER_FILE;
const days = 30;
const dayMs = 86_400_000;
const hourMs = 3_600_000;
const endsAt = Date.UTC(2026, 10, 22);
/** In the middle of a minute, as when a person opens the page. */
const now = endsAt - 31_234;
const rounds = 5;
const allowedMs = 300;

function* firstDay(): Generator<CallRecord> {
  const traffic = createTraffic(11);
  const count = Math.round(rows / days);
  const startsAt = endsAt - days * dayMs;
  for (let index = 0; index < count; index += 1)
    yield traffic.call(startsAt + Math.floor((index * dayMs) / count));
}

interface Question {
  readonly name: string;
  ask(ledger: Ledger): Promise<unknown>;
}

function reports(): Question[] {
  const groups: readonly (ReportGroup | undefined)[] = [
    undefined,
    'hour',
    'day',
    'model',
    'provider',
    'tenant',
    'key',
    'project',
    'stage',
  ];
  return [1, 7, 30].flatMap((span) =>
    groups.map((by) => ({
      name: `report of ${span === 1 ? '24 hours' : `${span} days`}${by === undefined ? '' : ` by ${by}`}`,
      ask: (ledger: Ledger) =>
        ledger.report({ since: now - span * dayMs, ...(by === undefined ? {} : { by }) }),
    })),
  );
}

async function searches(ledger: Ledger): Promise<Question[]> {
  const middle = now - 15 * dayMs;
  const [somewhere] = await ledger.calls({ limit: 1, until: middle });
  const [first] = await ledger.calls({ limit: 1, until: endsAt - days * dayMs + hourMs });
  if (somewhere === undefined || first === undefined) throw new Error('The ledger has no calls.');
  const list = (name: string, query: CallsQuery): Question => ({ name, ask: (asked) => asked.calls(query) });
  const one = (name: string, id: string): Question => ({ name, ask: (asked) => asked.call(id) });
  return [
    list('first page of 100', {}),
    list('first page of 1,000', { limit: 1000 }),
    list('page in the middle of the month', { before: somewhere }),
    list('a day two weeks ago', { since: middle, until: middle + dayMs }),
    list('failed calls', { status: 'error' }),
    list('one error code of one key', { errorCode: 'AI_TIMEOUT', key: 'key-49' }),
    list('semantic hits, one in 1,000', { cache: 'semantic' }),
    list('a tenant with one call in 50,000', { tenant: rareTenant }),
    list('the same, failed', { tenant: rareTenant, status: 'error' }),
    list('hits, nearly half', { cache: 'hit' }),
    list('a stage of a project', { project: 'project-29', stage: '3' }),
    list('a stage of a project, in the middle of the month', {
      project: 'project-29',
      stage: '3',
      before: somewhere,
    }),
    list('a tenant that there is not', { tenant: 'nobody' }),
    list('beginning of an id, eight characters', { requestIdPrefix: somewhere.requestId.slice(0, 8) }),
    list('beginning of an id, two characters', { requestIdPrefix: somewhere.requestId.slice(0, 2) }),
    one('one call by its id, of two weeks ago', somewhere.requestId),
    one('one call by its id, of the first hour', first.requestId),
    one('an id that there is not', 'ffffffff-0000-4000-8000-000000000000'),
  ];
}

async function timed(title: string, ledger: Ledger, questions: readonly Question[]): Promise<Table> {
  const table: string[][] = [];
  for (const { name, ask } of questions) {
    const times: number[] = [];
    const cpuTimes: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const startedAt = performance.now();
      const before = process.cpuUsage();
      await ask(ledger);
      const { user, system } = process.cpuUsage(before);
      times.push(performance.now() - startedAt);
      cpuTimes.push((user + system) / 1000);
    }
    const [first = Number.NaN] = times;
    const most = Math.max(...cpuTimes);
    table.push([
      name,
      median(cpuTimes).toFixed(1),
      most.toFixed(1),
      first.toFixed(1),
      median(times).toFixed(1),
      most < allowedMs && median(times) < allowedMs ? 'yes' : 'NO',
    ]);
  }
  return {
    title,
    columns: ['question', 'CPU ms, median', 'most', 'passed ms, first', 'median', `under ${allowedMs} ms`],
    rows: table,
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Calls recorded per round: few enough that the ledger does not write them before `flush`. */
const accounted = 960;
const warmUpRounds = 20;

async function accounting(folder: string): Promise<Table> {
  const subjects: TimedSubject[] = [];
  const open: Ledger[] = [];
  for (const [name, wanted] of [
    ['a call that asked a provider', 'miss'],
    ['a hit', 'hit'],
  ] as const) {
    const traffic = createTraffic(3);
    const calls = Array.from({ length: accounted }, (_, index) => traffic.call(endsAt + index)).map(
      (call): CallRecord => ({ ...call, cache: wanted, status: 'ok', attempts: wanted === 'miss' ? 1 : 0 }),
    );
    const ledger = createLedger({
      path: join(folder, `${wanted}.db`),
      maxBuffered: 2 * accounted,
      flushIntervalMs: 2 ** 31 - 1,
    });
    open.push(ledger);
    // Otherwise we would measure cold code.
    for (let round = 0; round < warmUpRounds; round += 1) {
      for (const call of calls) ledger.record(call);
      await ledger.flush();
    }
    const metrics = createMetrics({ ledgerStatus: ledger.status });
    let told = 0;
    ledger.subscribe(() => {
      told += 1;
    });
    let waiting: CallRecord[] = [];
    subjects.push(
      {
        name: `${name}: on its path`,
        operations: accounted,
        async run() {
          const before = told;
          for (const [index, call] of calls.entries()) {
            ledger.record(call);
            metrics.observe(call);
            if (index % 20 === 0) await nextTurn();
          }
          await nextTurn();
          if (told - before !== accounted) throw new Error('Listeners have not been told of each call.');
          waiting = calls;
        },
      },
      {
        name: `${name}: its part of the writing`,
        operations: accounted,
        async run() {
          if (waiting.length === 0) throw new Error('Nothing waits to be written.');
          await ledger.flush();
          waiting = [];
        },
      },
    );
  }
  const table = await measureNanoseconds('Accounting, CPU per call', subjects);
  for (const ledger of open) await ledger.close();
  return table;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

export const suite: Suite = {
  title: 'Ledger',
  method: `A ledger of ${rows.toLocaleString('en')} calls in ${days} days, each with a row: 10 models, 21 tenants, 50 keys, 30 projects of 6 stages. The ledger writes the first day, which is copied to the others (a test checks such a copy against what the ledger would write).${keptPath === undefined ? '' : ' It was made before this run.'} Queries are those of the dashboard, each run ${rounds} times, one after the other, on the ledger in this process. Accounting: \`record\` of the ledger, \`observe\` of the metrics and one listener, as a server has them, of ${accounted} calls, 20 a turn of the event loop; then writing them to a file in one transaction, which a server does on the same thread once a second, or as soon as there are a thousand, with a row for each call that asked and for a thousand hits a second.`,
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'ai-toolkit-ledger-'));
    try {
      const onPath = await accounting(folder);
      const path = keptPath ?? join(folder, 'usage.db');
      if (!existsSync(path)) await buildLargeLedger({ path, firstDay: firstDay(), days, endsAt });
      const { size } = await stat(path);
      await using ledger = createLedger({
        path,
        clock: () => now,
        maxCalls: 2 * rows,
        keepCallsMs: 2 * days * dayMs,
      });
      const totals = (await ledger.report()).totals;
      return [
        onPath,
        {
          title: 'The file',
          columns: ['calls', 'bytes a call'],
          rows: [[totals.calls.toLocaleString('en'), (size / totals.calls).toFixed(0)]],
        },
        await timed('Reports', ledger, reports()),
        await timed('Calls', ledger, await searches(ledger)),
      ];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};
