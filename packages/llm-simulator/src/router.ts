import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnswerPlanner } from './answer/planner.js';
import { COUNT_TOKENS } from './anthropic/count-tokens.js';
import { MESSAGES } from './anthropic/messages.js';
import { type ApiFailure, type Dialect, errorBody } from './api-error.js';
import { CONTROL_PREFIX, runControl } from './control.js';
import type { Endpoint } from './endpoint.js';
import { type ExchangeContext, runExchange } from './exchange.js';
import { createGenerateEndpoint } from './generate.js';
import { dialectOf, JSON_TYPE, standardHeaders } from './http/headers.js';
import { isFamily } from './model-name.js';
import { createModelEndpoint, createModelsEndpoint } from './models.js';
import { CHAT } from './openai/chat.js';
import { EMBEDDINGS } from './openai/embeddings.js';
import { RESPONSES } from './openai/responses.js';
import type { RequestLog, RequestRecord } from './request-log.js';

export interface RouterContext extends ExchangeContext {
  readonly log: RequestLog;
  readonly planner: AnswerPlanner;
}

type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** The request listener of the server. */
export function createRouter(context: RouterContext): RequestHandler {
  // A family is known, but is not a model that could be listed.
  const models = context.options.models.filter((name) => !isFamily(name));
  const generate = { planner: context.planner, nextId: context.nextId, clock: context.options.clock };
  const endpoints = new Map<string, Endpoint>([
    ['/v1/chat/completions', createGenerateEndpoint(CHAT, generate)],
    ['/v1/responses', createGenerateEndpoint(RESPONSES, generate)],
    ['/v1/messages', createGenerateEndpoint(MESSAGES, generate)],
    ['/v1/messages/count_tokens', COUNT_TOKENS],
    ['/v1/embeddings', EMBEDDINGS],
    ['/v1/models', createModelsEndpoint(models)],
  ]);

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = request.url ?? '/';
    const query = url.indexOf('?');
    const path = query === -1 ? url : url.slice(0, query);
    if (path.startsWith(CONTROL_PREFIX)) return runControl(request, response, path, context);
    const record: RequestRecord = {
      at: context.options.clock(),
      method: request.method ?? '',
      path: url,
      headers: request.headers,
      bodyBytes: 0,
      body: undefined,
    };
    context.log.add(record);
    const endpoint = endpoints.get(path) ?? modelEndpoint(path, models);
    if (endpoint !== undefined && endpoint.method === request.method)
      return runExchange(endpoint, request, response, record, context);
    request.resume();
    refuseRoute(request, response, path, endpoint !== undefined, context.nextId());
  };
  return (request, response) => {
    serve(request, response).catch((error: unknown) => {
      // The simulator itself failed: report that where the test can see it, rather than take the server down.
      if (response.headersSent) response.destroy();
      else
        fail(
          response,
          dialectOf(request.headers),
          { status: 500, message: `The simulator failed: ${String(error)}` },
          'req_failed',
        );
    });
  };
}

const MODEL_PREFIX = '/v1/models/';

function modelEndpoint(path: string, models: readonly string[]): Endpoint | undefined {
  if (!path.startsWith(MODEL_PREFIX)) return undefined;
  return createModelEndpoint(models, decodePath(path.slice(MODEL_PREFIX.length)));
}

function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function refuseRoute(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  known: boolean,
  id: string,
): void {
  const dialect = dialectOf(request.headers);
  const { method } = request;
  const failure: ApiFailure = known
    ? {
        status: 405,
        message: dialect === 'anthropic' ? 'Method Not Allowed' : `Not allowed to ${method} on ${path}.`,
        code: 'method_not_supported',
      }
    : { status: 404, message: dialect === 'anthropic' ? 'Not Found' : `Invalid URL (${method} ${path})` };
  fail(response, dialect, failure, `req_${id}`);
}

function fail(response: ServerResponse, dialect: Dialect, failure: ApiFailure, requestId: string): void {
  const body = errorBody(dialect, failure, requestId);
  response.writeHead(failure.status, {
    ...standardHeaders(dialect, requestId),
    'content-type': JSON_TYPE,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
