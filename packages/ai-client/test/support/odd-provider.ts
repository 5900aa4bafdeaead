import {
  createServer,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPipeline, openaiProvider } from '../../src/index.js';
import { chat, type Outcome, run } from './run-exchange.js';

/** A provider that answers every request by a script, for behaviour that the simulator does not offer. */
export interface OddProvider extends AsyncDisposable {
  /** Ends in `/v1`. */
  readonly baseUrl: string;
  /** Headers of the requests so far. */
  readonly asked: readonly IncomingHttpHeaders[];
}

export async function createOddProvider(answer: (response: ServerResponse) => void): Promise<OddProvider> {
  const asked: IncomingHttpHeaders[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.headers);
    request.resume().on('end', () => answer(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    asked,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A chat completion, as a body and as events. */
export const body: string = JSON.stringify({
  id: 'c',
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: 'High' }, finish_reason: 'stop' }],
});
export const events: string = [
  '{"choices":[{"index":0,"delta":{"role":"assistant","content":"High"}}]}',
  '{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}',
  '[DONE]',
]
  .map((data) => `data: ${data}\n\n`)
  .join('');

/** An answer to a chat request. */
export interface Odd {
  readonly status?: number;
  /** Content type. Default `application/json`; null for none. */
  readonly type?: string | null;
  readonly headers?: OutgoingHttpHeaders;
  readonly bytes?: string | Uint8Array;
}

/** What a caller gets of such an answer, and from a repetition that may not call the provider. */
export async function given(
  odd: Odd,
  asks: Record<string, unknown> = {},
): Promise<readonly [Outcome, Outcome]> {
  const { status = 200, type = 'application/json', headers = {}, bytes } = odd;
  await using provider = await createOddProvider((response) => {
    response.writeHead(status, type === null ? headers : { 'content-type': type, ...headers }).end(bytes);
  });
  await using pipeline = createPipeline({ providers: [openaiProvider(provider.baseUrl)], maxRetries: 0 });
  const first = await run(pipeline, chat('Tides', asks));
  return [first, await run(pipeline, chat('Tides', {}, { cache: { onlyIfCached: true } }))];
}
