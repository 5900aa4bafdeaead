import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Failure, surfaceAdapter } from '@ai-toolkit/ai-client';
import { errorSurface, isModelPath, pathOf } from './gateway/paths.js';
import { noteAnswered, refuse } from './gateway/refuse.js';

/** Maximum size of the request line and headers together, bytes. Beyond it, we answer with an error body where Node sends none. */
export const maxHeaderBytes: number = 16 * 1024;

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

/** The last response of each connection. */
const latest = new WeakMap<object, ServerResponse>();
/** The one before, if it was not complete when the last request came. */
const pipelined = new WeakMap<object, ServerResponse>();

/** Call for each request: a failure of its connection before it is complete is then answered in the wire format of its route. */
export function noteResponse(response: ServerResponse): void {
  const { socket } = response.req;
  const before = latest.get(socket);
  if (before?.writableFinished === false) pipelined.set(socket, before);
  latest.set(socket, response);
}

/** Whether bytes sent now would be taken for a part of a response that is not yet complete. */
function isAnswering(socket: object): boolean {
  const response = latest.get(socket);
  return (
    pipelined.get(socket)?.writableFinished === false ||
    (response?.headersSent === true && !response.writableFinished)
  );
}

/** Answers a malformed request, or one that arrives too slowly, with the reason, if its connection still allows that. */
export function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  // A client that has left gets nothing; one that has received a response head would take the error for the body.
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) {
    socket.destroy();
    return;
  }
  const response = latest.get(socket);
  const request = response?.writableFinished === false ? response.req : undefined;
  const failure = failureOf(error.code);
  const requestId = endWith(socket, failure, request);
  // Who ends the connection in the middle of a request has left; and the framework reports what it answers.
  const hasLeft = error.code === 'HPE_INVALID_EOF_STATE';
  if (hasLeft || request === undefined || !isModelPath(pathOf(request))) return;
  const { status, code } = failure;
  noteAnswered({ request, requestId, status, code, reason: 'bad_request' });
}

/** Refuses, with an error body, what Node would refuse without one or drop: CONNECT, and an unknown `Expect`. */
export function refuseOddities(server: Server): void {
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    response.setHeader('connection', 'close');
    const failure = refusal(417, 'This expectation cannot be met.', 'Leave out the header Expect.');
    refuse(response, errorSurface(request), failure, randomUUID());
  });
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    const failure = refusal(405, 'This server is not a proxy.', 'Send the request to one of its routes.');
    if (isAnswering(socket)) socket.destroy();
    else endWith(socket, failure, undefined);
  });
}

function failureOf(code: string | undefined): Failure {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return refusal(
        431,
        `The request line and the headers are longer than ${maxHeaderBytes} bytes.`,
        'Send less in them.',
      );
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return refusal(408, 'The request did not arrive in time.', 'Send it again, faster.');
    default:
      return refusal(400, 'This is not a readable HTTP request.', 'Check what sends it.');
  }
}

function refusal(status: number, message: string, hint: string): Failure {
  return { code: 'BAD_REQUEST', status, message, hint };
}

/** Returns the id of the request. */
function endWith(socket: Socket, failure: Failure, request: IncomingMessage | undefined): string {
  const requestId = randomUUID();
  const adapter = request === undefined ? surfaceAdapter('chat') : errorSurface(request);
  const body = JSON.stringify(adapter.errorBody(failure, requestId));
  const head = [
    `HTTP/1.1 ${failure.status} ${reasons[failure.status]}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    ...(adapter.requestIdHeader === undefined ? [] : [`${adapter.requestIdHeader}: ${requestId}`]),
    ...(failure.status === 405 ? ['allow: GET, POST, PUT, PATCH, DELETE'] : []),
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
  return requestId;
}
