import type { Surface } from '../../api/cache.js';
import type { AskedRequest, ExplainRequest } from '../../api/explain.js';

/** What a request is compared with. */
export type Versus = 'nearest' | 'request' | 'key' | 'nothing';

export interface ExplainFields {
  readonly surface: Surface;
  readonly tenant: string;
  readonly first: string;
  readonly second: string;
  readonly key: string;
  readonly versus: Versus;
}

export interface ReadForm {
  /** Null if there are errors. */
  readonly request: ExplainRequest | null;
  /** Errors by field. */
  readonly errors: { readonly first?: string; readonly second?: string; readonly key?: string };
}

/** Builds the request from the fields of the form. */
export function readExplainForm({ surface, tenant, first, second, key, versus }: ExplainFields): ReadForm {
  const whose = tenant.trim();
  const asked = (body: AskedRequest['body']): AskedRequest => ({
    surface,
    body,
    ...(whose === '' ? {} : { tenant: whose }),
  });
  const body = readBody(first);
  if (typeof body === 'string') return { request: null, errors: { first: body } };
  if (versus === 'key') {
    const wanted = key.trim();
    if (!/^[0-9a-f]{64}$/.test(wanted))
      return {
        request: null,
        errors: { key: 'A key has 64 letters and digits, as shown in the list of stored answers.' },
      };
    return { request: { ...asked(body), against: wanted }, errors: {} };
  }
  if (versus !== 'request')
    return { request: { ...asked(body), ...(versus === 'nearest' ? { nearest: true } : {}) }, errors: {} };
  const other = readBody(second);
  if (typeof other === 'string') return { request: null, errors: { second: other } };
  return { request: { ...asked(body), against: asked(other) }, errors: {} };
}

/** The JSON object in a text, or what is wrong with it. */
function readBody(text: string): Readonly<Record<string, unknown>> | string {
  if (text.trim() === '') return 'Paste the body of a request.';
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
    return 'The body of a request is a JSON object.';
  } catch (error) {
    return `This is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}
