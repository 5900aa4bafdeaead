import { type Fields, ParseFailure } from '../parse.js';
import type { StageRecord } from '../stages/stage.js';
import { fieldName, isFields, pick, pickCount, pickText, pickTime } from './older-fields.js';

type OlderStatus = 'not-started' | 'in-progress' | 'completed' | 'failed';

/** A stage as described by an older project. */
export interface OlderStage {
  readonly number?: number;
  /** Either its number or just its position in a list. A known name takes precedence. */
  readonly place?: number;
  readonly name?: string;
  /** Undefined if missing or unknown. */
  readonly status?: OlderStatus;
  /** The original status, if it is unknown here. */
  readonly unknownStatus?: string;
  /** Empty if there is none. */
  readonly content: string;
  readonly error?: string;
  readonly errorCode?: string;
  /** Epoch, ms. */
  readonly at?: number;
  readonly record: StageRecord;
}

const statuses: ReadonlyMap<string, OlderStatus> = new Map(
  Object.entries<OlderStatus>({
    // .NET serialises enums as numbers by default.
    '0': 'not-started',
    '1': 'in-progress',
    '2': 'completed',
    '3': 'failed',
    notstarted: 'not-started',
    pending: 'not-started',
    todo: 'not-started',
    none: 'not-started',
    inprogress: 'in-progress',
    running: 'in-progress',
    started: 'in-progress',
    active: 'in-progress',
    completed: 'completed',
    complete: 'completed',
    done: 'completed',
    finished: 'completed',
    success: 'completed',
    succeeded: 'completed',
    failed: 'failed',
    failure: 'failed',
    error: 'failed',
  }),
);

/** Fields with the time a stage ended; failing those, the time it was last touched. */
const times =
  'completedat completed finishedat completiontime endedat endtime updatedat lastupdated lastmodified modifiedat timestamp startedat starttime createdat'.split(
    ' ',
  );

/** @param key of the stage, if the stages are an object rather than a list */
export function readOlderStage(value: unknown, key?: string): OlderStage {
  if (!isFields(value)) {
    // A stage may consist of its text alone.
    return { ...called(numberIn(key), undefined, key), content: textOf(value), record: {} };
  }
  const number = numberIn(pickText(value, 'number', 'stagenumber', 'stageno')) ?? numberIn(key);
  const place = numberIn(pickText(value, 'stage', 'id', 'stageid', 'order', 'index', 'position'));
  const name = pickText(value, 'name', 'stagename', 'title', 'type', 'stage') ?? key;
  const status = pickText(value, 'status', 'state', 'stagestatus') ?? readFlag(value);
  const known = status === undefined ? undefined : statuses.get(fieldName(status));
  const at = pickTime(value, ...times);
  return {
    ...called(number, place, name),
    ...(known === undefined ? {} : { status: known }),
    ...(status === undefined || known !== undefined ? {} : { unknownStatus: status }),
    content: textOf(
      pick(value, 'content', 'output', 'text', 'result', 'response', 'markdown', 'body', 'document'),
    ),
    ...readError(value),
    ...(at === undefined ? {} : { at }),
    record: readRecord(value),
  };
}

function called(
  number: number | undefined,
  place: number | undefined,
  name: string | undefined,
): Pick<OlderStage, 'name' | 'number' | 'place'> {
  return {
    ...(number === undefined ? {} : { number }),
    ...(place === undefined ? {} : { place }),
    ...(name === undefined || /^\d+$/u.test(name) ? {} : { name }),
  };
}

/** Some programs store completion as a boolean. */
function readFlag(fields: Fields): string | undefined {
  const flag = pick(fields, 'iscompleted', 'completed', 'isdone', 'done');
  return typeof flag === 'boolean' ? (flag ? 'completed' : 'notstarted') : undefined;
}

/** The number in `3`, `"3"`, `stage3` or `Stage 3`. */
function numberIn(text: string | undefined): number | undefined {
  const digits = /^(?:stage)?(\d{1,9})$/u.exec(fieldName(text ?? ''))?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** A value that is not a string is kept as JSON. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : `${jsonOf(value, 2)}\n`;
}

/** @throws ParseFailure if nested too deeply to be serialised */
function jsonOf(value: unknown, indent?: number): string {
  try {
    return JSON.stringify(value, null, indent);
  } catch (error) {
    if (error instanceof RangeError) throw new ParseFailure('a stage is nested too deeply');
    throw error;
  }
}

function readError(fields: Fields): Pick<OlderStage, 'error' | 'errorCode'> {
  const error = pick(
    fields,
    'error',
    'errormessage',
    'failure',
    'failurereason',
    'errordetails',
    'exception',
    'reason',
    'message',
  );
  if (isFields(error)) {
    const code = pickText(error, 'code', 'type', 'name');
    const message = pickText(error, 'message', 'error', 'detail', 'reason');
    return { error: message ?? jsonOf(error), ...(code === undefined ? {} : { errorCode: code }) };
  }
  return error === undefined ? {} : { error: typeof error === 'string' ? error : jsonOf(error) };
}

function readRecord(fields: Fields): StageRecord {
  const model = pickText(fields, 'model', 'modelname', 'modelid', 'deployment');
  const usage = pick(fields, 'usage', 'tokens', 'tokenusage');
  const isGroup = isFields(usage);
  const counts = isGroup ? usage : fields;
  // Outside such a group, `input` and `output` are texts.
  const input = pickCount(counts, 'inputtokens', 'prompttokens', ...(isGroup ? ['input', 'prompt'] : []));
  const output = pickCount(
    counts,
    'outputtokens',
    'completiontokens',
    ...(isGroup ? ['output', 'completion'] : []),
  );
  return {
    ...(model === undefined ? {} : { model }),
    ...(input === undefined || output === undefined ? {} : { tokens: { input, output } }),
  };
}
