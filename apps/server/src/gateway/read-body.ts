import type { IncomingMessage } from 'node:http';
import type { Refusal } from '../access/keys-failure.js';

/** Why a body could not be read. */
export class BodyError extends Error {
  /** HTTP status. */
  readonly status: 400 | 413;

  constructor(status: 400 | 413, message: string) {
    super(message);
    this.name = 'BodyError';
    this.status = status;
  }
}

export function bodyRefusal({ status, message }: BodyError): Refusal {
  const hint = status === 413 ? 'Send a smaller body.' : 'Send it again.';
  return { failure: { code: 'AI_REQUEST_INVALID', status, message, hint }, headers: {} };
}

/**
 * Whether the connection must be closed after answering a request whose body was not read. A body known to be short is read and
 * discarded instead, since closing the connection while it arrives could lose the response.
 */
export function mustCloseBehind({ headers }: IncomingMessage, maxBytes: number): boolean {
  const length = headers['content-length'];
  return length === undefined ? headers['transfer-encoding'] !== undefined : Number(length) > maxBytes;
}

/** The whole body of a request, at most `maxBytes`. Fails with `BodyError`. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const declared = Number(request.headers['content-length'] ?? 0);
    if (declared > maxBytes) {
      reject(tooLarge(maxBytes));
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else reject(tooLarge(maxBytes));
    });
    request.on('end', () =>
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size)),
    );
    request.on('error', () =>
      reject(new BodyError(400, 'The body of the request did not arrive completely.')),
    );
  });
}

function tooLarge(maxBytes: number): BodyError {
  return new BodyError(413, `The body of the request is larger than ${maxBytes} bytes.`);
}
