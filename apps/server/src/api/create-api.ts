import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { GatewayKey, Keyring } from '@ai-toolkit/gateway-keys';
import type { LoadedConfig, Toolkit } from '@ai-toolkit/toolkit';
import fastify, { type FastifyInstance } from 'fastify';
import type { Sessions } from '../access/sessions.js';
import { answerBrokenRequest, maxHeaderBytes, refuseOddities } from '../connection-failures.js';
import { dashboardRoutes } from '../dashboard.js';
import type { OpenRequests } from '../gateway/open-requests.js';
import { noteAnswered } from '../gateway/refuse.js';
import type { Overview } from '../overview.js';
import { cacheRoutes } from './cache.js';
import { checkOf, mistakeOf } from './check-requests.js';
import { diagnosticsRoutes } from './diagnostics.js';
import { errorHandlers, frameworkError, refusedFor } from './errors.js';
import { keyRoutes } from './keys.js';
import { modelRoutes } from './models.js';
import { openApi } from './openapi.js';
import { projectRoutes } from './projects.js';
import { sessionRoutes } from './session.js';
import { settingRoutes } from './settings.js';
import { stageRoutes } from './stages.js';
import { statusRoutes } from './status.js';
import { usageRoutes } from './usage.js';

/** Maximum size of an API request body, bytes: it may contain a project document. */
const maxApiBodyBytes = 8 * 1024 * 1024;
/** Checks for requests that are too slow, per request timeout. */
const timeoutLooks = 4;
const longestLookMs = 30_000;
/** Upper bound on the time to receive request headers, ms. */
const longestHeadersMs = 60_000;

const quietRoutes: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

export interface ApiOptions {
  readonly toolkit: Toolkit;
  /** Where the configuration comes from. */
  readonly sources: LoadedConfig['sources'];
  readonly keyring: Keyring;
  /** State of the server as a whole. */
  readonly overview: Overview;
  readonly sessions: Sessions;
  /** Processes that share the port. */
  readonly workers: number;
  /** Whether the client of an open stream is still authorised. */
  readonly admits: (request: IncomingMessage) => boolean;
  readonly open: OpenRequests;
  /** Model requests need a key. */
  readonly keysRequired: boolean;
  /** Epoch, ms. */
  readonly startedAt: number;
  /** Whether the server is draining and takes no new work. */
  readonly draining: () => boolean;
  /** The gateway key of the request; `undefined` if none was needed. */
  readonly callerOf: (request: IncomingMessage) => GatewayKey | undefined;
  /** Receives every request, and passes those for the API to `handler`. */
  readonly receive: (
    request: IncomingMessage,
    response: ServerResponse,
    handler: (request: IncomingMessage, response: ServerResponse) => void,
  ) => void;
}

/** The API beside the gateway: every route that is not a model call, and so not latency-critical. */
export interface Api {
  readonly app: FastifyInstance;
  readonly server: Server;
  /** Ends event streams, which would not end by themselves. */
  endStreams(): void;
  /** Ends runs of projects. */
  endRuns(): void;
}

export async function createApi(options: ApiOptions): Promise<Api> {
  const { toolkit, sources, keyring, overview, admits, open, callerOf, receive } = options;
  const { requestTimeoutMs, keepAliveMs } = toolkit.config.server;
  let server: Server | undefined;
  const app = fastify({
    genReqId: () => randomUUID(),
    forceCloseConnections: 'idle',
    bodyLimit: maxApiBodyBytes,
    schemaErrorFormatter: mistakeOf,
    routerOptions: { maxParamLength: 500 },
    frameworkErrors: frameworkError,
    clientErrorHandler: answerBrokenRequest,
    serverFactory: (handler) => {
      server = createServer(
        {
          maxHeaderSize: maxHeaderBytes,
          requestTimeout: requestTimeoutMs,
          headersTimeout: Math.min(requestTimeoutMs, longestHeadersMs),
          keepAliveTimeout: keepAliveMs,
          connectionsCheckingInterval: Math.min(Math.ceil(requestTimeoutMs / timeoutLooks), longestLookMs),
          requireHostHeader: false,
        },
        (request, response) => receive(request, response, handler),
      );
      refuseOddities(server);
      return server;
    },
  });
  const parseJson = app.getDefaultJsonParser('error', 'error');
  // Many clients label every request as JSON, even one without a body, such as a DELETE.
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) =>
    body === '' ? done(null) : parseJson(request, body, done),
  );
  app.setValidatorCompiler(checkOf);
  // Response schemas only describe; they do not filter what is sent.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.addHook('onRequest', async (_request, { raw }) => {
    open.begin();
    // Fires once, even if the client leaves early; the framework's `onResponse` covers only completed responses.
    raw.once('close', () => open.end());
  });
  app.addHook('onResponse', async (request, reply) => {
    const { raw, id, routeOptions } = request;
    const { statusCode } = reply;
    // Successful probes and scrapes come every few seconds and would only clutter the log.
    if (statusCode < 400 && quietRoutes.has(routeOptions.url ?? '')) return;
    noteAnswered({
      request: raw,
      requestId: id,
      status: statusCode,
      ...refusedFor(request, reply),
      key: callerOf(raw),
    });
  });
  errorHandlers(app, callerOf);
  await openApi(app);
  const ending = new AbortController();
  let endStreams: () => void = () => {};
  await app.register(async (routes) => {
    statusRoutes(routes, options);
    modelRoutes(routes, options);
    endStreams = usageRoutes(routes, { toolkit, overview, admits });
    sessionRoutes(routes, options);
    settingRoutes(routes, toolkit.config, sources);
    keyRoutes(routes, keyring);
    cacheRoutes(routes, toolkit, overview);
    diagnosticsRoutes(routes, toolkit, overview);
    projectRoutes(routes, toolkit);
    stageRoutes(routes, toolkit, ending.signal);
  });
  await dashboardRoutes(app);
  await app.ready();
  if (server === undefined) throw new Error('The framework has made no server.');
  return {
    app,
    server,
    endStreams: () => endStreams(),
    endRuns: () => ending.abort(new Error('The server is stopping.')),
  };
}
