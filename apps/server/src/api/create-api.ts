import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { GatewayKey, Keyring } from '@ai-toolkit/gateway-keys';
import type { KeyAccess, LoadedConfig, Toolkit } from '@ai-toolkit/toolkit';
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
import { errorCodeOf, errorHandlers, frameworkError } from './errors.js';
import { keyRoutes } from './keys.js';
import { modelRoutes } from './models.js';
import { openApi } from './openapi.js';
import { projectRoutes } from './projects.js';
import { sessionRoutes } from './session.js';
import { settingRoutes } from './settings.js';
import { stageRoutes } from './stages.js';
import { statusRoutes } from './status.js';
import { usageRoutes } from './usage.js';

/** Longest body of a request to the API, bytes: a document of a project travels inside it. */
const maxApiBodyBytes = 8 * 1024 * 1024;
/** How often requests that are too slow are looked for, parts of what they may take. */
const timeoutLooks = 4;
const longestLookMs = 30_000;
/** Longest that the headers of a request may take, ms. */
const longestHeadersMs = 60_000;

const quietRoutes: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

export interface ApiOptions {
  readonly toolkit: Toolkit;
  /** Where the configuration comes from. */
  readonly sources: LoadedConfig['sources'];
  readonly keyring: Keyring;
  readonly access: Pick<KeyAccess, 'inspect'>;
  /** What is told of the server as a whole. */
  readonly overview: Overview;
  readonly sessions: Sessions;
  /** Whether who opened a stream may still hear it. */
  readonly admits: (request: IncomingMessage) => boolean;
  readonly open: OpenRequests;
  /** Nobody asks a model without a key. */
  readonly keysRequired: boolean;
  /** Epoch, ms. */
  readonly startedAt: number;
  /** It takes no new work. */
  readonly draining: () => boolean;
  /** The key of who asks for the models; `undefined` for who needs none. */
  readonly callerOf: (request: IncomingMessage) => GatewayKey | undefined;
  /** Gets every request, and hands those on that the API is to answer. */
  readonly receive: (
    request: IncomingMessage,
    response: ServerResponse,
    handler: (request: IncomingMessage, response: ServerResponse) => void,
  ) => void;
}

/** The API behind the gateway: what is no model's, and not in a hurry. */
export interface Api {
  readonly app: FastifyInstance;
  readonly server: Server;
  /** Ends streams that would not end by themselves. */
  endStreams(): void;
  /** Ends runs of projects. */
  endRuns(): void;
}

export async function createApi(options: ApiOptions): Promise<Api> {
  const { toolkit, sources, keyring, overview, sessions, admits, open, callerOf, receive } = options;
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
          connectionsCheckingInterval: Math.min(requestTimeoutMs / timeoutLooks, longestLookMs),
          requireHostHeader: false,
        },
        (request, response) => receive(request, response, handler),
      );
      refuseOddities(server);
      return server;
    },
  });
  const parseJson = app.getDefaultJsonParser('error', 'error');
  // Many clients say of every request that it is JSON, also of one without a body, as a DELETE is.
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) =>
    body === '' ? done(null) : parseJson(request, body, done),
  );
  app.setValidatorCompiler(checkOf);
  // Responses are written as they are; their schemas describe them.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.addHook('onRequest', async (_request, { raw }) => {
    open.begin();
    // Comes once, also when the reader leaves before the end; the framework tells of answers that have ended alone.
    raw.once('close', () => open.end());
  });
  app.addHook('onResponse', async ({ raw, id, routeOptions }, reply) => {
    const { statusCode } = reply;
    // Probes and scrapes come every few seconds, and say nothing as long as they are well.
    if (statusCode < 400 && quietRoutes.has(routeOptions.url ?? '')) return;
    const code = errorCodeOf(reply);
    noteAnswered({
      request: raw,
      requestId: id,
      status: statusCode,
      ...(code === undefined ? {} : { code }),
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
    sessionRoutes(routes, sessions);
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
