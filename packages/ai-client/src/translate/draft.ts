import { AiError } from '../errors.js';
import type { JsonObject } from '../json.js';
import type { ModelFamily } from './model-family.js';
import type { TranslationNotes } from './notes.js';

/** A request being translated. */
export interface Draft {
  /** The chat request, as the caller wrote it. */
  readonly request: JsonObject;
  /** The Messages request, filled field by field. */
  readonly body: JsonObject;
  /** Blocks of the system prompt, in order. */
  readonly system: JsonObject[];
  readonly family: ModelFamily;
  readonly notes: TranslationNotes;
}

/** The error for a request that cannot be translated: names the field and the remedy. */
export function refusal(field: string, problem: string, hint: string): AiError {
  return new AiError(
    'AI_REQUEST_INVALID',
    `${field} cannot be translated for an Anthropic model: ${problem}.`,
    { hint },
  );
}

/** Notes the fields of a part of the request that nothing reads. */
export function noteForeign(part: JsonObject, read: readonly string[], path: string, { notes }: Draft): void {
  for (const [name, value] of Object.entries(part)) {
    if (value !== undefined && value !== null && !read.includes(name))
      notes.add(`${path}.${name}`, 'omitted', 'it has no counterpart');
  }
}
