import { DIMENSIONS } from '../limits.js';
import type { LimitStep, StepReply } from '../shared/limit-store.js';

/** Distinguishes our messages from those of the application and of other versions. */
const MARK = '@ai-toolkit/rate-limit/1';

export interface StepMessage {
  readonly id: number;
  readonly key: string;
  readonly step: LimitStep;
}

export interface ReplyMessage {
  readonly id: number;
  readonly reply: StepReply;
}

export function stepMessage(message: StepMessage): object {
  return { mark: MARK, kind: 'step', ...message };
}

export function replyMessage(message: ReplyMessage): object {
  return { mark: MARK, kind: 'reply', ...message };
}

/** `undefined` for anything but a complete step of ours. */
export function readStep(message: unknown): StepMessage | undefined {
  if (!isMarked(message, 'step')) return undefined;
  const { id, key, step } = message;
  return typeof id === 'number' && typeof key === 'string' && isStep(step) ? { id, key, step } : undefined;
}

export function readReply(message: unknown): ReplyMessage | undefined {
  if (!isMarked(message, 'reply')) return undefined;
  const { id, reply } = message;
  // Messages with this mark come from this very package, in the parent.
  return typeof id === 'number' && isRecord(reply) ? { id, reply: reply as unknown as StepReply } : undefined;
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isMarked(message: unknown, kind: string): message is Fields {
  return isRecord(message) && message.mark === MARK && message.kind === kind;
}

const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

function isDemand(value: unknown): boolean {
  return isRecord(value) && [value.requests, value.inputTokens, value.outputTokens].every(isNumber);
}

function isRows(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((row) => Array.isArray(row) && row.length === 4 && row.every(isNumber))
  );
}

function isByDimension(value: unknown, isEntry: (entry: unknown) => boolean): boolean {
  return (
    isRecord(value) &&
    DIMENSIONS.every((dimension) => value[dimension] === undefined || isEntry(value[dimension]))
  );
}

function isLearned(value: unknown): boolean {
  if (value === null) return true;
  return (
    isRecord(value) && isNumber(value.limit) && (value.capacity === undefined || isNumber(value.capacity))
  );
}

function isLimits(value: unknown): boolean {
  if (!isByDimension(value, isNumber) || !isRecord(value)) return false;
  const scalars = [value.maxConcurrent, value.burstMs];
  return (
    typeof value.adaptive === 'boolean' && scalars.every((scalar) => scalar === undefined || isNumber(scalar))
  );
}

function isStep(value: unknown): value is LimitStep {
  if (!isRecord(value) || typeof value.process !== 'string') return false;
  const { sequence, closeMs, holdMs, taken, known, left, leftForMs = {} } = value;
  return (
    [sequence, closeMs, holdMs].every(isNumber) &&
    [value.undecided, value.kept, value.succeeded, value.rateLimited].every(isCount) &&
    [value.open, value.waiting].every(isDemand) &&
    [value.demands, value.settlements].every(isRows) &&
    [taken, known, left, leftForMs].every((amounts) => isByDimension(amounts, isNumber)) &&
    isByDimension(value.learned, isLearned) &&
    isLimits(value.limits)
  );
}
