import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Headers } from './answer-headers.js';

/** Node's private field that holds the response head from `writeHead` until it is sent with the first bytes of the body. */
interface KeptHead {
  _header: string | null;
}

/** Characters forbidden in a header value, as in Node: they could start a new header line (RFC 9110, 5.5). */
const forbidden = /[^\t\x20-\x7e\x80-\xff]/;

/** How a body is delimited: by `content-length`, or by chunked encoding. */
type Framing = 'length' | 'chunks';

/**
 * Writes response heads. `writeHead` validates every name and value and rebuilds the lines common to all heads, which takes a tenth of the
 * cost of a hit. So Node writes the first head, we learn from it the lines that follow ours (connection and keep-alive), and later heads
 * are set ready-made. Should Node's output not start as expected here, Node writes all of them.
 */
export class HeadWriter {
  /** The lines that Node adds after the date. */
  private readonly endings: Partial<Record<Framing, string>> = {};
  private readonly dates = new DateLines();

  /** The names of `headers` are tokens in lower case. */
  write(response: ServerResponse, status: number, headers: Headers): void {
    const framing = 'content-length' in headers ? 'length' : 'chunks';
    const lines = isPlain(response, status, framing) ? linesOf(status, headers) : undefined;
    if (lines === undefined) {
      response.writeHead(status, headers);
      return;
    }
    const beginning = lines + this.dates.now();
    const ending = this.endings[framing];
    if (ending === undefined) {
      response.writeHead(status, headers);
      const written = keptHead(response)._header;
      if (written?.startsWith(beginning)) this.endings[framing] = written.slice(beginning.length);
      return;
    }
    response.statusCode = status;
    response.chunkedEncoding = framing === 'chunks';
    keptHead(response)._header = beginning + ending;
  }
}

/** Whether the learned ending applies: the connection stays open, no other headers are set, and a body follows. */
function isPlain(response: ServerResponse, status: number, framing: Framing): boolean {
  return (
    response.shouldKeepAlive &&
    (framing === 'length' || response.useChunkedEncodingByDefault) &&
    response.req.headers.expect === undefined &&
    status >= 200 &&
    status !== 204 &&
    status !== 304 &&
    response.getHeaderNames().length === 0
  );
}

/** The status line and the headers; `undefined` if a value is invalid, for Node to throw its error. */
function linesOf(status: number, headers: Headers): string | undefined {
  let lines = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'unknown'}\r\n`;
  for (const name in headers) {
    const value = headers[name] as string;
    if (forbidden.test(value)) return undefined;
    lines += `${name}: ${value}\r\n`;
  }
  return lines;
}

function keptHead(response: ServerResponse): KeptHead {
  return response as unknown as KeptHead;
}

/** The header `Date`, which changes once a second. */
class DateLines {
  private line = '';
  private goodUntil = 0;

  now(): string {
    const now = Date.now();
    if (now >= this.goodUntil || now < this.goodUntil - 1000) {
      this.line = `Date: ${new Date(now).toUTCString()}\r\n`;
      this.goodUntil = now - (now % 1000) + 1000;
    }
    return this.line;
  }
}
