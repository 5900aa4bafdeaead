import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPipeline, openaiProvider, type Pipeline } from '../../../src/index.js';
import { type JsonObject, parseJsonObject } from '../../../src/json.js';

export interface ScriptedProvider extends AsyncDisposable {
  /** A pipeline in front of it. */
  readonly pipeline: Pipeline;
  /** Bodies of the requests, in order of arrival. */
  readonly requests: JsonObject[];
}

/** A server that answers chat requests with the given messages, in turn; then always with the last one. */
export async function createScriptedProvider(...messages: readonly JsonObject[]): Promise<ScriptedProvider> {
  const requests: JsonObject[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { finish_reason = 'stop', ...message } =
        messages[Math.min(requests.length, messages.length - 1)] ?? {};
      requests.push(parseJsonObject(Buffer.concat(chunks).toString()) ?? {});
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          object: 'chat.completion',
          model: 'scripted-1',
          choices: [{ index: 0, message: { role: 'assistant', content: null, ...message }, finish_reason }],
          usage: { prompt_tokens: 10, completion_tokens: 5 },
        }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const pipeline = createPipeline({ providers: [openaiProvider(`http://127.0.0.1:${port}/v1`)] });
  return {
    pipeline,
    requests,
    [Symbol.asyncDispose]: async () => {
      await pipeline.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

/** A message that calls one function. */
export function calling(name: string, argumentsText: string, id = 'call_1'): JsonObject {
  return { tool_calls: [{ id, type: 'function', function: { name, arguments: argumentsText } }] };
}
