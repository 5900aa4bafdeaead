import type { DatabaseSync } from 'node:sqlite';
import { UsageError } from '../errors.js';
import { counterNames } from './counters.js';
import { facetsStep } from './facets-step.js';
import { requestsStep } from './requests-step.js';
import { slicesStep } from './slices-step.js';
import { sumsStep } from './sums-step.js';
import { inTransaction } from './transaction.js';

/** The counters of the first schema. */
const firstCounterNames = counterNames.filter((name) => name !== 'semantic');

/**
 * Step n migrates from schema version n to n + 1. A released step is never edited.
 *
 * `calls` holds single rows for a limited time; what many of them have in common is a `facet`: a series (a combination of provider, model,
 * tenant, project, stage and gateway key) with a surface, an outcome, a status and an error code. Both are deleted with their last call.
 * `sums` holds totals for each dimension by itself and each span of time. It is written in the same transaction as the rows, so reports
 * stay fast however many rows there are, and it outlives them. Spans are days, hours and minutes; sums per minute are kept for little more
 * than a day (`keepMinutesMs`). `slices` records when the oldest and newest calls of each slice of rows began; within each slice, an index
 * sorts them by request id.
 */
const steps: readonly (string | ((database: DatabaseSync) => void))[] = [
  `
  CREATE TABLE calls (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    started_at INTEGER NOT NULL, request_id TEXT NOT NULL,
    surface TEXT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL, tenant TEXT NOT NULL,
    project TEXT NOT NULL, stage TEXT NOT NULL,
    streamed INTEGER NOT NULL, cache TEXT NOT NULL, status TEXT NOT NULL,
    http_status INTEGER, error_code TEXT,
    input_tokens INTEGER, output_tokens INTEGER, cached_input_tokens INTEGER, reasoning_tokens INTEGER,
    billed_input INTEGER NOT NULL, billed_output INTEGER NOT NULL,
    replayed_input INTEGER NOT NULL, replayed_output INTEGER NOT NULL,
    saved_input INTEGER NOT NULL, saved_output INTEGER NOT NULL,
    billed_usd REAL, saved_usd REAL, time_saved_ms REAL NOT NULL,
    duration_ms REAL NOT NULL, duration_bucket INTEGER NOT NULL,
    first_byte_ms REAL, first_byte_bucket INTEGER, upstream_ms REAL,
    attempts INTEGER NOT NULL, key TEXT, labels TEXT
  ) STRICT;
  CREATE INDEX calls_by_start ON calls (started_at, request_id);
  CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    provider TEXT NOT NULL, model TEXT NOT NULL, tenant TEXT NOT NULL, project TEXT NOT NULL, stage TEXT NOT NULL,
    UNIQUE (provider, model, tenant, project, stage)
  ) STRICT;
  CREATE TABLE rollups (
    span INTEGER NOT NULL, at INTEGER NOT NULL, series INTEGER NOT NULL,
    ${firstCounterNames.map((name) => `${name} REAL NOT NULL`).join(', ')},
    PRIMARY KEY (span, at, series)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE latencies (
    span INTEGER NOT NULL, at INTEGER NOT NULL, series INTEGER NOT NULL,
    kind INTEGER NOT NULL, bucket INTEGER NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (span, at, series, kind, bucket)
  ) STRICT, WITHOUT ROWID;
  `,
  'ALTER TABLE rollups ADD COLUMN semantic REAL NOT NULL DEFAULT 0',
  requestsStep,
  sumsStep,
  slicesStep,
  facetsStep,
];

/** Migrates a database to the current schema. Safe if several processes do so at once. */
export function migrate(database: DatabaseSync): void {
  if (versionOf(database) === steps.length) return;
  inTransaction(database, () => {
    const version = versionOf(database);
    if (version > steps.length) {
      throw new UsageError(
        'USAGE_LEDGER_NEWER',
        `the ledger has schema ${version}, this version knows up to ${steps.length}`,
        {
          hint: 'Update the toolkit, or give the older one a ledger file of its own.',
          retryable: false,
        },
      );
    }
    for (const step of steps.slice(version)) {
      if (typeof step === 'string') database.exec(step);
      else step(database);
    }
    database.exec(`PRAGMA user_version = ${steps.length}`);
  });
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version);
}
