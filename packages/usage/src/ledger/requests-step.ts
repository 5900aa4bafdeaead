import type { DatabaseSync } from 'node:sqlite';

/**
 * From version 2 to 3: adds the gateway key of a call, and makes requests searchable. What a call has in common with many others moves from
 * its row to a facet, through which any combination of filters finds its newest calls at once. Rows are kept and can be found by their key;
 * older sums have no key.
 */
export function requestsStep(database: DatabaseSync): void {
  database.exec(`
    DROP INDEX calls_by_start;
    ALTER TABLE calls RENAME TO old_calls;
    ALTER TABLE series RENAME TO old_series;

    CREATE TABLE series (
      id INTEGER PRIMARY KEY,
      provider TEXT NOT NULL, model TEXT NOT NULL, tenant TEXT NOT NULL, project TEXT NOT NULL, stage TEXT NOT NULL,
      gateway_key TEXT NOT NULL,
      UNIQUE (provider, model, tenant, project, stage, gateway_key)
    ) STRICT;
    CREATE TABLE facets (
      id INTEGER PRIMARY KEY,
      series INTEGER NOT NULL, surface TEXT NOT NULL, cache TEXT NOT NULL, status TEXT NOT NULL, error_code TEXT NOT NULL,
      UNIQUE (series, surface, cache, status, error_code)
    ) STRICT;
    CREATE TABLE calls (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      started_at INTEGER NOT NULL, request_id TEXT NOT NULL, facet INTEGER NOT NULL,
      streamed INTEGER NOT NULL, http_status INTEGER, asked_model TEXT,
      input_tokens INTEGER, output_tokens INTEGER, cached_input_tokens INTEGER, reasoning_tokens INTEGER,
      billed_input INTEGER NOT NULL, billed_output INTEGER NOT NULL,
      replayed_input INTEGER NOT NULL, replayed_output INTEGER NOT NULL,
      saved_input INTEGER NOT NULL, saved_output INTEGER NOT NULL,
      billed_usd REAL, saved_usd REAL, time_saved_ms REAL NOT NULL,
      duration_ms REAL NOT NULL, duration_bucket INTEGER NOT NULL,
      first_byte_ms REAL, first_byte_bucket INTEGER, upstream_ms REAL, provider_wait_ms REAL, queued_ms REAL,
      attempts INTEGER NOT NULL, fallbacks INTEGER NOT NULL, similarity REAL, key TEXT, labels TEXT
    ) STRICT;

    INSERT INTO series SELECT id, provider, model, tenant, project, stage, '' FROM old_series;
    INSERT OR IGNORE INTO series (provider, model, tenant, project, stage, gateway_key)
      SELECT DISTINCT provider, model, tenant, project, stage, ${oldKey} FROM old_calls;
    INSERT INTO facets (series, surface, cache, status, error_code)
      SELECT DISTINCT ${ofOldSeries}, surface, cache, status, COALESCE(error_code, '') FROM old_calls AS old;
    INSERT INTO calls
      SELECT seq, started_at, request_id, facets.id, streamed, http_status, NULL,
        input_tokens, output_tokens, cached_input_tokens, reasoning_tokens,
        billed_input, billed_output, replayed_input, replayed_output, saved_input, saved_output,
        billed_usd, saved_usd, time_saved_ms, duration_ms, duration_bucket, first_byte_ms, first_byte_bucket,
        upstream_ms, NULL, NULL, attempts, 0, NULL, key, labels
      FROM old_calls AS old JOIN facets
        ON facets.series = ${ofOldSeries} AND facets.surface = old.surface AND facets.cache = old.cache
        AND facets.status = old.status AND facets.error_code = COALESCE(old.error_code, '')
      ORDER BY seq;
    DROP TABLE old_calls;
    DROP TABLE old_series;

    CREATE INDEX calls_by_start ON calls (started_at);
    CREATE INDEX calls_by_facet ON calls (facet, started_at);
    -- By two minutes first: ids are drawn at random, and would be written all over an index of their own.
    CREATE INDEX calls_by_request ON calls (started_at / 120000, substr(request_id, 1, 8));
  `);
}

/** Keys used to be among the labels of a call. */
const oldKey = "COALESCE(substr(json_extract(labels, '$.key'), 1, 256), '')";

const ofOldSeries = `(SELECT id FROM series WHERE series.provider = old.provider AND series.model = old.model
  AND series.tenant = old.tenant AND series.project = old.project AND series.stage = old.stage
  AND series.gateway_key = ${oldKey.replace('labels', 'old.labels')})`;
