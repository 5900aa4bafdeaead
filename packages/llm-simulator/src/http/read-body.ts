import type { IncomingMessage } from 'node:http';

/** The sender left before the end of its request; there is nobody to answer. */
export class SenderLeft extends Error {
  override name = 'SenderLeft';
}

/**
 * The body of a request as text; undefined if it is larger than `maxBytes` (the rest is read and dropped). Rejects with SenderLeft if the
 * sender leaves before its end. Uses plain events, because iterating a request costs several times more.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.on('end', () => {
      const [only] = chunks;
      const whole = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
      resolve(bytes > maxBytes ? undefined : whole.toString());
    });
    request.on('error', () => reject(new SenderLeft()));
    request.on('close', () => reject(new SenderLeft()));
  });
}
