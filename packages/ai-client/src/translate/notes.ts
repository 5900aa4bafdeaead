/** What happened to a field of the request that has no exact counterpart. */
export interface TranslationNote {
  /** Name of the field, `messages[].name` for one inside a list. */
  readonly field: string;
  /** `omitted`: it was not sent. `changed`: something near to it was sent. */
  readonly action: 'omitted' | 'changed';
  readonly reason: string;
}

/** Collects notes; what happens to a field in many messages is said once. */
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

/** More would be a burden on headers that servers bound, often at 8 KiB altogether. */
const maxHeaderNotes = 32;

/**
 * The notes as the value of the response header `x-ai-toolkit-translation`: `seed=omitted, temperature=changed`. Absent
 * when there are none: then nothing of the request was lost.
 */
export function translationHeader(notes: readonly TranslationNote[]): string | undefined {
  if (notes.length === 0) return undefined;
  const shown = notes.slice(0, maxHeaderNotes).map(({ field, action }) => {
    // A caller may have named the field: nothing but plain characters may reach a header.
    return `${field.replace(/[^\w.[\]-]/g, '?').slice(0, 100)}=${action}`;
  });
  const rest = notes.length - shown.length;
  return rest === 0 ? shown.join(', ') : `${shown.join(', ')}, and ${rest} more`;
}
