import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { Agent } from 'undici';

/** A stored response. */
interface Kept {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly chunks: readonly Buffer[];
}

/**
 * The minimal caching proxy on Node: `node:http` in front of undici's dispatcher, a `Map` of complete responses by request body, chunks
 * passed on as they arrive. No keys, no limits, no checks, no bounds. The floor of the server's benchmark.
 */
async function main(upstream: string): Promise<void> {
  const agent = new Agent();
  const kept = new Map<string, Kept>();

  function replay({ status, headers, chunks }: Kept, response: ServerResponse): void {
    response.writeHead(status, headers);
    for (const chunk of chunks) response.write(chunk);
    response.end();
  }

  function forward(path: string, body: Buffer, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    let status = 0;
    let head: Kept['headers'] = {};
    agent.dispatch(
      { origin: upstream, path, method: 'POST', headers: { 'content-type': 'application/json' }, body },
      {
        onRequestStart: () => {},
        onResponseStart: (_controller, statusCode, headers) => {
          status = statusCode;
          head = { 'content-type': headers['content-type'] };
          response.writeHead(status, head);
        },
        onResponseData: (_controller, chunk) => {
          chunks.push(chunk);
          response.write(chunk);
        },
        onResponseEnd: () => {
          response.end();
          kept.set(body.toString('latin1'), { status, headers: head, chunks });
        },
        onResponseError: () => response.destroy(),
      },
    );
  }

  const server = createServer((request: IncomingMessage, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      const known = kept.get(body.toString('latin1'));
      if (known === undefined) forward(request.url ?? '/', body, response);
      else replay(known, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
}

await main(process.argv[2] ?? '');
