import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Headers } from './answer-headers.js';

/** The head of a response as Node keeps it from `writeHead` until it goes out with the first bytes of the body. */
interface KeptHead {
  _header: string | null;
}

/** What may not stand in a value of a header, as in Node: it could begin a line of its own (RFC 9110, 5.5). */
const forbidden = /[^\t\x20-\x7e\x80-\xff]/;

/** How the end of a body is told: by its length, or in chunks of which the last is empty. */
type Framing = 'length' | 'chunks';

/**
 * Writes heads of responses. `writeHead` looks at each name and value anew and puts together what is the same in every head, which takes a
 * tenth of all that a hit costs. So Node writes the first head, what stands in it behind our own lines (how long the connection is kept) is
 * learned from that one, and later heads are handed to it as they are. As long as what Node writes is not what is expected here, it writes
 * all of them.
 */
export class HeadWriter {
  /** All that Node puts behind the date. */
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

/** Whether all heads of such responses are alike: the connection stays open, nothing else was set, and a body follows. */
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

/** The status line and the headers; `undefined` where Node has to say what is wrong with them. */
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
