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

/** A stage's entry of `project.json` as JSON. Times are ISO 8601, so that a person can read them. */
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
  return {
    slug: stringField(fields, 'slug'),
    status,
    ...(fields.revision === undefined ? {} : { revision: countField(fields, 'revision', 1) }),
    lastRevision: countField(fields, 'lastRevision', 0),
    ...(fields.contentHash === undefined ? {} : { contentHash: stringField(fields, 'contentHash') }),
    ...(fields.finishedAt === undefined ? {} : { finishedAt: timeField(fields, 'finishedAt') }),
    ...decodeStageRecord(fields),
    ...(fields.error === undefined ? {} : { error: decodeFailure(fields.error) }),
  };
}

export function decodeStageRecord(fields: Fields): StageRecord {
  const { ingredients, settings, inputRevisions, tokens } = fields;
  return {
    ...(fields.identity === undefined ? {} : { identity: stringField(fields, 'identity') }),
    ...(ingredients === undefined ? {} : { ingredients: textMap(ingredients, 'ingredients') }),
    ...(settings === undefined ? {} : { settings: asFields(settings, 'settings') }),
    ...(inputRevisions === undefined ? {} : { inputRevisions: countMap(inputRevisions, 'inputRevisions') }),
    ...(fields.model === undefined ? {} : { model: stringField(fields, 'model') }),
    ...(tokens === undefined ? {} : { tokens: decodeTokens(asFields(tokens, 'tokens')) }),
    ...(fields.costUsd === undefined ? {} : { costUsd: amountField(fields, 'costUsd') }),
    ...(fields.cache === undefined ? {} : { cache: stringField(fields, 'cache') }),
    ...(fields.truncated === true ? { truncated: true } : {}),
  };
}

/** The fields of a record alone, without those of the state or revision that carries it. */
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
