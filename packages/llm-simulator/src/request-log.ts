import type { IncomingHttpHeaders } from 'node:http';

/** A request as it arrived, with secrets masked. */
export interface RecordedRequest {
  /** Epoch ms. */
  readonly at: number;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly bodyBytes: number;
  /** The parsed JSON; undefined if there was none, it was not JSON, or it was over 256 KiB. */
  readonly body: unknown;
}

/** Filled while the request is read. */
export interface RequestRecord {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  bodyBytes: number;
  body: unknown;
}

export interface RequestLog {
  add(record: RequestRecord): void;
  /** Newest last. */
  list(): RecordedRequest[];
  clear(): void;
}

export const MAX_RECORDED_BODY_BYTES = 262_144;
const SECRET_HEADERS = ['authorization', 'x-api-key', 'api-key', 'proxy-authorization', 'cookie'];
const SHOWN_SECRET_CHARACTERS = 4;
const LONG_SECRET_CHARACTERS = 16;

/** Keeps the last `size` requests; 0 keeps none. */
export function createRequestLog(size: number): RequestLog {
  let records: RequestRecord[] = [];
  return {
    add(record) {
      if (size === 0) return;
      records.push(record);
      // Trimmed now and then rather than shifted each time: an array shift is linear.
      if (records.length >= size * 2) records = records.slice(-size);
    },
    list: () => records.slice(-size).map((record) => ({ ...record, headers: masked(record.headers) })),
    clear() {
      records = [];
    },
  };
}

function masked(headers: IncomingHttpHeaders): Record<string, string | readonly string[]> {
  const shown: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    shown[name] = SECRET_HEADERS.includes(name) ? mask(String(value)) : value;
  }
  return shown;
}

/** `Bearer sk-abcdefghijklmnop` becomes `Bearer ***mnop`; short secrets show nothing. */
function mask(value: string): string {
  const space = value.lastIndexOf(' ');
  const secret = value.slice(space + 1);
  const tail = secret.length >= LONG_SECRET_CHARACTERS ? secret.slice(-SHOWN_SECRET_CHARACTERS) : '';
  return `${value.slice(0, space + 1)}***${tail}`;
}
