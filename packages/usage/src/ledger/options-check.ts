import { checkFunction, checkNames, checkPrices, show } from '../check.js';
import { facetFields } from './calls-reader.js';
import type { LedgerOptions } from './ledger.js';
import type { CallsQuery, ReportGroup, ReportQuery } from './ledger-contract.js';

/** Node fires longer timers at once. */
const longestTimerMs = 2 ** 31 - 1;

const groups: readonly ReportGroup[] = [
  'model',
  'provider',
  'project',
  'stage',
  'tenant',
  'key',
  'day',
  'hour',
];

const knownOptions: Record<keyof LedgerOptions, true> = {
  path: true,
  prices: true,
  clock: true,
  flushIntervalMs: true,
  maxBuffered: true,
  hitRowsPerSecond: true,
  keepCallsMs: true,
  maxCalls: true,
  keepRollupsMs: true,
};

export function checkLedgerOptions(options: LedgerOptions): void {
  checkNames('createLedger', options, knownOptions);
  checkPrices(options.prices);
  checkFunction('clock', options.clock);
  if (typeof options.path !== 'string' || options.path === '') {
    throw new TypeError(`path must be the path of a file or ":memory:", got ${show(options.path)}`);
  }
  checkNumber('flushIntervalMs', options.flushIntervalMs, 1, longestTimerMs);
  checkNumber('maxBuffered', options.maxBuffered, 1, Number.MAX_SAFE_INTEGER);
  checkNumber('hitRowsPerSecond', options.hitRowsPerSecond, 0, Number.MAX_SAFE_INTEGER);
  checkNumber('keepCallsMs', options.keepCallsMs, 0, Number.MAX_SAFE_INTEGER);
  checkNumber('maxCalls', options.maxCalls, 1, Number.MAX_SAFE_INTEGER);
  checkNumber('keepRollupsMs', options.keepRollupsMs, 0, Number.MAX_SAFE_INTEGER);
}

export function checkReportQuery(query: ReportQuery): void {
  checkNumber('since', query.since, 0, Number.MAX_SAFE_INTEGER);
  if (query.by !== undefined && !groups.includes(query.by)) {
    throw new RangeError(`by must be one of ${groups.join(', ')}, got ${show(query.by)}`);
  }
}

export function checkCallsQuery(query: CallsQuery): void {
  checkNumber('limit', query.limit, 1, Number.MAX_SAFE_INTEGER);
  checkNumber('before.startedAt', query.before?.startedAt, 0, Number.MAX_SAFE_INTEGER);
  checkNumber('since', query.since, 0, Number.MAX_SAFE_INTEGER);
  checkNumber('until', query.until, 0, Number.MAX_SAFE_INTEGER);
  for (const option of [...facetFields, 'requestIdPrefix'] as const) {
    const value = query[option];
    if (value !== undefined && typeof value !== 'string') {
      throw new TypeError(`${option} must be a string, got ${show(value)}`);
    }
  }
}

export function checkRequestId(requestId: string): void {
  if (typeof requestId !== 'string')
    throw new TypeError(`requestId must be a string, got ${show(requestId)}`);
}

function checkNumber(option: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined) return;
  if (typeof value !== 'number') throw new TypeError(`${option} must be a number, got ${show(value)}`);
  if (!(value >= least && value <= most)) {
    throw new RangeError(`${option} must be from ${least} to ${most}, got ${value}`);
  }
}
