import { ParseFailure } from '../parse.js';
import { checkText } from '../text-limit.js';
import type { RevisionOrigin, StageFailure, StageRecord } from './stage.js';
import { decodeStageRecord, recordOf } from './stage-record-file.js';

/** Longest message of a failure that is kept, UTF-16 units: a provider may answer with a whole page, and every reader loads it. */
const maxMessage = 10_000;

const origins: readonly RevisionOrigin[] = ['run', 'edit', 'restore'];

/**
 * Checks a text and what is said of it before anything is written: what cannot be read again would damage the project.
 * @throws TypeError; StoreError `STORE_UNWRITABLE` if the text is too long
 */
export function checkNewText(text: string, origin: RevisionOrigin, record: StageRecord): void {
  checkText('text', text);
  if (!origins.includes(origin)) {
    throw new TypeError(`origin must be ${origins.join(', ')}, received ${JSON.stringify(origin)}`);
  }
  try {
    decodeStageRecord({ ...recordOf(record) });
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    throw new TypeError(`The record of a stage cannot be stored: ${error.message}`);
  }
}

/** What is kept of a failure: of a very long message only the beginning. @throws TypeError */
export function keptFailure({ code, message, at }: StageFailure): StageFailure {
  for (const [name, value] of Object.entries({ code, message })) {
    if (typeof value !== 'string') throw new TypeError(`${name} must be a string, received ${typeof value}`);
  }
  const isLong = message.length > maxMessage;
  return { code, message: isLong ? `${message.slice(0, maxMessage - 1).toWellFormed()}…` : message, at };
}
