import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { CacheOutcome, CallStatus, Surface, TokenUsage } from '@ai-toolkit/ai-client';
import type { LedgerCall } from '../accounting.js';
import { bucketOf } from './histogram.js';

const maxText = 256;
const maxLabels = 4096;

/** The columns of `calls`, in the order of the values that `rowOf` returns. */
export const rowColumns: readonly string[] = [
  'started_at',
  'request_id',
  'facet',
  'streamed',
  'http_status',
  'asked_model',
  'input_tokens',
  'output_tokens',
  'cached_input_tokens',
  'reasoning_tokens',
  'billed_input',
  'billed_output',
  'replayed_input',
  'replayed_output',
  'saved_input',
  'saved_output',
  'billed_usd',
  'saved_usd',
  'time_saved_ms',
  'duration_ms',
  'duration_bucket',
  'first_byte_ms',
  'first_byte_bucket',
  'upstream_ms',
  'provider_wait_ms',
  'queued_ms',
  'attempts',
  'fallbacks',
  'similarity',
  'cache_key',
  'other_labels',
];

/** A call as a row of `calls`, by position: bounded, and free of values that SQLite would refuse. */
export function rowOf(call: LedgerCall, facet: number): SQLInputValue[] {
  const { usage, billed, replayed, saved, firstByteMs } = call;
  return [
    startedAtOf(call),
    bounded(call.requestId),
    facet,
    call.streamed ? 1 : 0,
    call.httpStatus ?? null,
    call.askedModel === undefined ? null : bounded(call.askedModel),
    usage?.inputTokens ?? null,
    usage?.outputTokens ?? null,
    usage?.cachedInputTokens ?? null,
    usage?.reasoningTokens ?? null,
    billed.input,
    billed.output,
    replayed.input,
    replayed.output,
    saved.input,
    saved.output,
    call.billedUsd,
    call.savedUsd,
    call.timeSavedMs,
    finite(call.durationMs),
    bucketOf(call.durationMs),
    finiteOrNull(firstByteMs),
    firstByteMs === undefined ? null : bucketOf(firstByteMs),
    finiteOrNull(call.upstreamMs),
    finiteOrNull(call.providerWaitMs),
    finiteOrNull(call.queuedMs),
    Math.round(finite(call.attempts)),
    Math.round(finite(call.fallbacks ?? 0)),
    finiteOrNull(call.similarity),
    call.key === undefined ? null : bounded(call.key),
    labelsText(call.labels),
  ];
}

/** Epoch, whole ms. */
export function startedAtOf(call: LedgerCall): number {
  return Math.round(finite(call.startedAt));
}

/** What identifies a series, in the order of its columns. */
export function seriesNamesOf({ provider, model, tenant, labels }: LedgerCall): string[] {
  const { project = '', stage = '', key = '' } = labels ?? {};
  return [bounded(provider), bounded(model), bounded(tenant), bounded(project), bounded(stage), bounded(key)];
}

/** What identifies a facet within its series, in the order of its columns. */
export function facetNamesOf({ surface, cache, status, errorCode = '' }: LedgerCall): string[] {
  return [bounded(surface), cache, status, bounded(errorCode)];
}

/** The call that `rowOf` turned into the row, which is joined with its facet and its series. */
export function callOf(row: Record<string, SQLOutputValue>): LedgerCall {
  const labels = labelsOf(row);
  return {
    requestId: String(row.request_id),
    startedAt: Number(row.started_at),
    surface: String(row.surface) as Surface,
    provider: String(row.provider),
    model: String(row.model),
    tenant: String(row.tenant),
    streamed: row.streamed === 1,
    cache: String(row.cache) as CacheOutcome,
    status: String(row.status) as CallStatus,
    durationMs: Number(row.duration_ms),
    attempts: Number(row.attempts),
    ...optional('httpStatus', row.http_status, Number),
    ...(row.error_code === '' ? {} : { errorCode: String(row.error_code) }),
    ...optional('askedModel', row.asked_model, String),
    ...optional('firstByteMs', row.first_byte_ms, Number),
    ...optional('upstreamMs', row.upstream_ms, Number),
    ...optional('providerWaitMs', row.provider_wait_ms, Number),
    ...optional('queuedMs', row.queued_ms, Number),
    ...(row.fallbacks === 0 ? {} : { fallbacks: Number(row.fallbacks) }),
    ...optional('similarity', row.similarity, Number),
    ...optional('key', row.cache_key, String),
    ...(row.input_tokens === null ? {} : { usage: usageOf(row) }),
    ...(labels === undefined ? {} : { labels }),
    billed: { input: Number(row.billed_input), output: Number(row.billed_output) },
    replayed: { input: Number(row.replayed_input), output: Number(row.replayed_output) },
    saved: { input: Number(row.saved_input), output: Number(row.saved_output) },
    billedUsd: row.billed_usd === null ? null : Number(row.billed_usd),
    savedUsd: row.saved_usd === null ? null : Number(row.saved_usd),
    timeSavedMs: Number(row.time_saved_ms),
  };
}

function usageOf(row: Record<string, SQLOutputValue>): TokenUsage {
  return {
    inputTokens: Number(row.input_tokens),
    outputTokens: Number(row.output_tokens),
    ...optional('cachedInputTokens', row.cached_input_tokens, Number),
    ...optional('reasoningTokens', row.reasoning_tokens, Number),
  };
}

function optional<K extends string, T>(
  name: K,
  value: SQLOutputValue | undefined,
  convert: (value: SQLOutputValue) => T,
): Partial<Record<K, T>> {
  return value === null || value === undefined ? {} : ({ [name]: convert(value) } as Record<K, T>);
}

/** A text as it is stored. */
export function bounded(value: string): string {
  return value.length > maxText ? value.slice(0, maxText) : value;
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

function finiteOrNull(value: number | undefined): number | null {
  return value === undefined ? null : finite(value);
}

/** Labels that have no column of their own. If they exceed the limit, they are left out of the row. */
function labelsText(labels: Readonly<Record<string, string>> | undefined): string | null {
  if (labels === undefined) return null;
  const { project: _project, stage: _stage, key: _key, ...others } = labels;
  const json = JSON.stringify(others);
  return json === '{}' || json.length > maxLabels ? null : json;
}

function labelsOf(row: Record<string, SQLOutputValue>): Record<string, string> | undefined {
  const labels = {
    ...(row.project === '' ? {} : { project: String(row.project) }),
    ...(row.stage === '' ? {} : { stage: String(row.stage) }),
    ...(row.gateway_key === '' ? {} : { key: String(row.gateway_key) }),
    ...(row.other_labels === null ? {} : (JSON.parse(String(row.other_labels)) as Record<string, string>)),
  };
  return Object.keys(labels).length === 0 ? undefined : labels;
}
