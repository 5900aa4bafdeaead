import {
  amountField,
  asFields,
  countField,
  type Fields,
  ParseFailure,
  stringField,
  timeField,
  writeTime,
} from '../parse.js';
import type { StageRecord, StageState } from './stage.js';

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** Encodes a stage's entry of `project.json`. Times are ISO 8601, for human readers. */
export function encodeStageState(state: StageState): Fields {
  const { finishedAt, error, ...rest } = state;
  return {
    ...rest,
    ...(finishedAt === undefined ? {} : { finishedAt: writeTime(finishedAt) }),
    ...(error === undefined ? {} : { error: { ...error, at: writeTime(error.at) } }),
  };
}

export function decodeStageState(value: unknown, name: string): StageState {
  const fields = asFields(value, name);
  const status = stringField(fields, 'status');
  if (status !== 'not-started' && status !== 'done' && status !== 'failed') {
    throw new ParseFailure(`${name} has the unknown status ${JSON.stringify(status)}`);
  }
  const state: Writable<StageState> = {
    slug: stringField(fields, 'slug'),
    status,
    lastRevision: countField(fields, 'lastRevision', 0),
  };
  if (fields.revision !== undefined) state.revision = countField(fields, 'revision', 1);
  if (fields.contentHash !== undefined) state.contentHash = stringField(fields, 'contentHash');
  if (fields.finishedAt !== undefined) state.finishedAt = timeField(fields, 'finishedAt');
  addRecord(state, fields);
  if (fields.error !== undefined) state.error = decodeFailure(fields.error);
  return state;
}

export function decodeStageRecord(fields: Fields): StageRecord {
  const record: StageRecord = {};
  addRecord(record, fields);
  return record;
}

/* Field by field: a list decodes tens of thousands of these, and building each from many small objects took half the time. */
function addRecord(record: Writable<StageRecord>, fields: Fields): void {
  const { ingredients, settings, inputRevisions, tokens } = fields;
  if (fields.identity !== undefined) record.identity = stringField(fields, 'identity');
  if (ingredients !== undefined) record.ingredients = textMap(ingredients, 'ingredients');
  if (settings !== undefined) record.settings = asFields(settings, 'settings');
  if (inputRevisions !== undefined) record.inputRevisions = countMap(inputRevisions, 'inputRevisions');
  if (fields.model !== undefined) record.model = stringField(fields, 'model');
  if (tokens !== undefined) record.tokens = decodeTokens(asFields(tokens, 'tokens'));
  if (fields.costUsd !== undefined) record.costUsd = amountField(fields, 'costUsd');
  if (fields.cache !== undefined) record.cache = stringField(fields, 'cache');
  if (fields.truncated === true) record.truncated = true;
}

/** Only the record's fields, without those of the state or revision that carries it. */
export function recordOf(source: StageRecord): StageRecord {
  const { identity, ingredients, settings, inputRevisions, model, tokens, costUsd, cache, truncated } =
    source;
  return {
    ...(identity === undefined ? {} : { identity }),
    ...(ingredients === undefined ? {} : { ingredients }),
    ...(settings === undefined ? {} : { settings }),
    ...(inputRevisions === undefined ? {} : { inputRevisions }),
    ...(model === undefined ? {} : { model }),
    ...(tokens === undefined ? {} : { tokens }),
    ...(costUsd === undefined ? {} : { costUsd }),
    ...(cache === undefined ? {} : { cache }),
    ...(truncated === undefined ? {} : { truncated }),
  };
}

function decodeTokens(fields: Fields): { input: number; output: number } {
  return { input: countField(fields, 'input', 0), output: countField(fields, 'output', 0) };
}

function decodeFailure(value: unknown): { code: string; message: string; at: number } {
  const fields = asFields(value, 'error');
  return {
    code: stringField(fields, 'code'),
    message: stringField(fields, 'message'),
    at: timeField(fields, 'at'),
  };
}

function textMap(value: unknown, name: string): Record<string, string> {
  const fields = asFields(value, name);
  return Object.fromEntries(Object.keys(fields).map((key) => [key, stringField(fields, key)]));
}

function countMap(value: unknown, name: string): Record<string, number> {
  const fields = asFields(value, name);
  return Object.fromEntries(Object.keys(fields).map((key) => [key, countField(fields, key, 0)]));
}
