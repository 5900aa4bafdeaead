import type { Failure } from '@ai-toolkit/ai-client';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { countPath, errorSurface, modelPaths, pathOf } from '../gateway/paths.js';
import { failureFacts } from '../gateway/refuse.js';
import { toldTo } from '../gateway/told-to.js';
import { apiFailure } from './api-failure.js';
import type { ApiOptions } from './create-api.js';
import { watchMethods } from './methods-of.js';

/**
 * Error responses of all routes outside the gateway: in the format of the OpenAI API, or Anthropic's for its clients, so that any client
 * can read them. Every response carries its request id.
 */
export function errorHandlers(app: FastifyInstance, callerOf: ApiOptions['callerOf']): void {
  const methodsOf = watchMethods(app);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request.raw);
    const isOfModels = modelPaths.has(path) || path === countPath;
    const methods = isOfModels ? ['POST'] : methodsOf(path);
    if (methods.length > 0) {
      const allowed = methods.join(', ');
      reply.header('allow', allowed);
      return send(request, reply, {
        code: 'BAD_REQUEST',
        status: 405,
        message: `${path.slice(0, 200)} takes ${allowed}, not ${request.method}.`,
        hint: 'See /openapi.json for what there is.',
      });
    }
    return send(request, reply, {
      code: 'NOT_FOUND',
      status: 404,
      message: `There is no ${request.method} ${path.slice(0, 200)} here.`,
      hint: 'See /openapi.json for what there is.',
    });
  });
  app.setErrorHandler((error: unknown, request, reply) =>
    send(request, reply, toldTo(callerOf(request.raw), apiFailure(error), request.id)),
  );
}

/** Answers errors that the framework finds before routing, such as a path that cannot be decoded. */
export function frameworkError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id);
  void send(request, reply, apiFailure(error));
}

const codes = new WeakMap<FastifyReply['raw'], string>();

/** Why a request was refused, for the log. */
export function errorCodeOf({ raw }: FastifyReply): string | undefined {
  return codes.get(raw);
}

function send(request: FastifyRequest, reply: FastifyReply, failure: Failure): FastifyReply {
  codes.set(reply.raw, failure.code);
  const adapter = errorSurface(request.raw);
  if (adapter.requestIdHeader !== undefined) reply.header(adapter.requestIdHeader, request.id);
  return reply
    .code(failure.status)
    .headers(failureFacts(failure))
    .type('application/json')
    .send(JSON.stringify(adapter.errorBody(failure, request.id)));
}
