import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { drained } from '../../src/api/drained.js';

/** A provider of chat completions whose streams have the size given in the model's name: `mb-200`. */
export interface LargeStreams extends AsyncDisposable {
  readonly baseUrl: string;
  /** Bytes that the last stream has written to its connection. */
  readonly sent: () => number;
}

const eventBytes = 16 * 1024;

function chunk(delta: object, finish: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices })}\n\n`;
}

export async function createLargeStreams(): Promise<LargeStreams> {
  let sent = 0;
  const event = chunk({ content: 'x'.repeat(eventBytes) });
  const server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const part of request) body += String(part);
      const megabytes = Number(/"mb-(\d+)"/.exec(body)?.[1] ?? 0);
      const events = Math.ceil((megabytes * 1024 * 1024) / eventBytes);
      sent = 0;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (let count = 0; count < events && !response.destroyed; count++) {
        sent += event.length;
        if (!response.write(event)) await drained(response);
      }
      response.end(`${chunk({}, 'stop')}data: [DONE]\n\n`);
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    sent: () => sent,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
