import { AiError, surfaceAdapter } from '@ai-toolkit/ai-client';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refusalOf } from '../access/keys-failure.js';

/**
 * Errors of every route that is no model's: one shape, that of the OpenAI API, so that any client can read it. Each answer has the id of
 * its request.
 */
export function errorHandlers(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.setNotFoundHandler((request, reply) =>
    send(
      request,
      reply,
      404,
      'NOT_FOUND',
      `There is no ${request.method} ${request.url.split('?', 1)[0]} here.`,
    ),
  );
  app.setErrorHandler((error: unknown, request, reply) => {
    if (error instanceof RangeError) return send(request, reply, 400, 'BAD_REQUEST', `${error.message}.`);
    const status = clientErrorStatus(error);
    if (status !== undefined && error instanceof Error)
      return send(request, reply, status, 'BAD_REQUEST', error.message);
    const { failure } = refusalOf(error, surfaceAdapter('chat'));
    const message = `${failure.message} ${failure.hint}`;
    return send(request, reply, AiError.isInstance(error) ? 502 : failure.status, failure.code, message);
  });
}

/** What the framework found wrong with a request: a query that does not fit, a body that is too large. */
function clientErrorStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  code: string,
  message: string,
): FastifyReply {
  const type = status < 500 ? 'invalid_request_error' : 'server_error';
  return reply
    .code(status)
    .header('x-request-id', request.id)
    .send({ error: { message, type, param: null, code, request_id: request.id } });
}
