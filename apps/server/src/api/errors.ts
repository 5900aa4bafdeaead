import type { Failure } from '@ai-toolkit/ai-client';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorSurface, isModelPath, pathOf } from '../gateway/paths.js';
import { type AnsweredRequest, failureFacts } from '../gateway/refuse.js';
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
    const methods = isModelPath(path) ? ['POST'] : methodsOf(path);
    // A parameter that is too long fits no route, whatever its method.
    if (methods.length > 0 && !methods.includes(request.method)) {
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

/** What the framework refuses itself. */
const misfits: ReadonlySet<string> = new Set(['BAD_REQUEST', 'NOT_FOUND']);
const codes = new WeakMap<FastifyReply['raw'], string>();

/** Why a request was refused: for the log, and for the metrics if it is one to the models that fits none of their routes. */
export function refusedFor(
  request: FastifyRequest,
  { raw }: FastifyReply,
): Pick<AnsweredRequest, 'code' | 'reason'> {
  const code = codes.get(raw);
  if (code === undefined) return {};
  const isMisfit = misfits.has(code) && pathOf(request.raw).startsWith('/v1/');
  return { code, ...(isMisfit ? { reason: 'bad_request' } : {}) };
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
