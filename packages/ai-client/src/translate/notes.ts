/** A note on a field of the request that has no exact counterpart. */
export interface TranslationNote {
  /** Name of the field; `messages[].name` for one in a list. */
  readonly field: string;
  /** `omitted`: not sent. `changed`: something similar was sent. */
  readonly action: 'omitted' | 'changed';
  readonly reason: string;
}

/** Collects notes; the same note for several messages is kept once. */
export class TranslationNotes {
  private readonly notes: Map<string, TranslationNote> = new Map();

  add(field: string, action: TranslationNote['action'], reason: string): void {
    const name = `${field}=${action}`;
    if (!this.notes.has(name)) this.notes.set(name, { field, action, reason });
  }

  list(): TranslationNote[] {
    return [...this.notes.values()];
  }
}

/** Upper bound, since servers limit headers, often to 8 KiB in total. */
const maxHeaderNotes = 32;

/**
 * Formats the notes for the response header `x-ai-toolkit-translation`: `seed=omitted, temperature=changed`. `undefined` if there are none:
 * then nothing of the request was lost.
 */
export function translationHeader(notes: readonly TranslationNote[]): string | undefined {
  if (notes.length === 0) return undefined;
  const shown = notes.slice(0, maxHeaderNotes).map(({ field, action }) => {
    // The caller may have chosen the field's name, so only plain characters may reach a header.
    return `${field.replace(/[^\w.[\]-]/g, '?').slice(0, 100)}=${action}`;
  });
  const rest = notes.length - shown.length;
  return rest === 0 ? shown.join(', ') : `${shown.join(', ')}, and ${rest} more`;
}
