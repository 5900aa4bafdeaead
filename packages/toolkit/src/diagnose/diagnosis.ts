/** One thing that was looked at. */
export interface Diagnosis {
  /** What: `configuration`, `provider openai`, `cache`. */
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'failure';
  /** What was found, in a sentence. Never holds a secret. */
  readonly detail: string;
  /** What to do about it. Absent when all is well. */
  readonly remedy?: string;
}

export function ok(name: string, detail: string): Diagnosis {
  return { name, status: 'ok', detail };
}

export function warning(name: string, detail: string, remedy: string): Diagnosis {
  return { name, status: 'warning', detail, remedy };
}

export function failure(name: string, detail: string, remedy: string): Diagnosis {
  return { name, status: 'failure', detail, remedy };
}
