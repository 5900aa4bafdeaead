import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** A response on its own connection, since workers get connections in turn. */
export interface OwnResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Port of the client's end of the connection. */
  readonly port: number;
  /** The whole body; rejects if it breaks off. */
  readonly text: Promise<string>;
}

/** Posts a chat completion; resolves with the response head. */
export async function askAlone(
  url: string,
  prompt: string,
  body: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<OwnResponse> {
  const sent = request(`${url}/v1/chat/completions`, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', ...headers },
  });
  sent.end(JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: prompt }], ...body }));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const whole = text(response);
  // No unhandled rejection if the caller ignores the text.
  whole.catch(() => undefined);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    port: response.socket.localPort ?? 0,
    text: whole,
  };
}
