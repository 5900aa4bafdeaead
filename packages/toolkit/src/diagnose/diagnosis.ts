/** Result of one check. */
export interface Diagnosis {
  /** What was checked: `configuration`, `provider openai`, `cache`. */
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'failure';
  /** What was found, as a sentence. Never contains a secret. */
  readonly detail: string;
  /** What to do about it. Absent if all is well. */
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
