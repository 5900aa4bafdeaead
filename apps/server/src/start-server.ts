import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AiError } from '@ai-toolkit/ai-client';
import type { GatewayKey } from '@ai-toolkit/gateway-keys';
import { ConfigError, type LoadedConfig, type Toolkit } from '@ai-toolkit/toolkit';
import type { RefusalReason } from '@ai-toolkit/usage';
import type { ServerLog } from '@ai-toolkit/usage/log';
import { createDoorkeeper } from './access/doorkeeper.js';
import { type Refusal, refusalOf } from './access/keys-failure.js';
import { isOpen } from './access/open-paths.js';
import { refusalReason } from './access/refusal-reason.js';
import { createSessions } from './access/sessions.js';
import { createApi } from './api/create-api.js';
import { noteResponse } from './connection-failures.js';
import { countRefusals } from './count-refusals.js';
import { boundConnections, createEntrance } from './entrance.js';
import { usageNote } from './gateway/answer-headers.js';
import { stopping } from './gateway/failure-of.js';
import { gatewayRoute } from './gateway/gateway.js';
import { HeadWriter } from './gateway/head-writer.js';
import { misplaced } from './gateway/misplaced.js';
import { OpenRequests } from './gateway/open-requests.js';
import { errorSurface, pathOf, takeWholeUrl } from './gateway/paths.js';
import { mustCloseBehind } from './gateway/read-body.js';
import { failureFacts, turnAway } from './gateway/refuse.js';
import { isLoopback } from './guard.js';
import { keepTickShape } from './keep-tick-shape.js';
import { logRequests } from './log-requests.js';
import { type Overview, ownOverview } from './overview.js';
import { refuseItself } from './refuse-itself.js';

/**
 * Connections that may wait to be accepted while the process is busy; the system resets those beyond. Node's default of 511 is too few for
 * a burst of clients. Linux caps it at `net.core.somaxconn`, 4096 by default.
 */
const backlog = 4096;

export interface ServerOptions {
  readonly toolkit: Toolkit;
  /** Where the configuration comes from. Default: not reported. */
  readonly sources?: LoadedConfig['sources'];
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Share the port with other processes; the system distributes the connections. Default false. */
  readonly reusePort?: boolean;
  /** Processes that share the port. Default 1. */
  readonly workers?: number;
  /** Gets a line for each request that is not a model call. Default: none. */
  readonly log?: ServerLog;
  /** State of the server as a whole. Default: of this process. */
  readonly overview?: Overview;
}

export interface RunningServer extends AsyncDisposable {
  /** `http://127.0.0.1:4000`, without a trailing slash. */
  readonly url: string;
  /**
   * Drains the server: refuses new requests with 503, gives open ones `drainMs` of the configuration to finish, then ends them with an
   * error. The toolkit stays open. Idempotent.
   */
  close(): Promise<void>;
}

/** Interval of closing idle connections while the server stops, ms. */
const sweepMs = 50;
/** Minimum time to send the last bytes of responses that were cut short, ms. */
const flushMs = 500;

/**
 * Starts the gateway. Rejects with `CONFIG_UNSAFE_HOST`, with `CONFIG_INVALID` if it would call itself, or with the system's error if the
 * address cannot be bound.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const {
    toolkit,
    sources = [],
    host,
    port,
    reusePort = false,
    workers = 1,
    log,
    overview = ownOverview(toolkit),
  } = options;
  keepTickShape();
  const settings = toolkit.config.server;
  const { adminKey, requireKeys, maxBodyBytes, maxConnections, drainMs } = settings;
  const keyring = await toolkit.keyring();
  const stopLog = log === undefined ? undefined : logRequests(log);
  if (!isLoopback(host) && !keyring.hasKey('gateway')) throw unsafeHost(host);
  refuseItself(await toolkit.providers(), host, port);
  const [pipeline, access, prices, metrics] = await Promise.all([
    toolkit.pipeline(),
    toolkit.keyAccess(),
    toolkit.prices(),
    toolkit.metrics(),
  ]);
  const stopCounting = countRefusals(metrics);
  const required = requireKeys || !isLoopback(host);
  const sessions = createSessions({ keyring, adminKey, isAdminKey: access.isAdminKey });
  const hasAdminKey = adminKey !== undefined;
  const doorkeeper = createDoorkeeper({ keyring, access, sessions, required, hasAdminKey });
  const open = new OpenRequests();
  const noteUsage = usageNote(prices);
  const gateway = {
    pipeline,
    doorkeeper,
    access,
    prices,
    noteUsage,
    maxBodyBytes,
    open,
    heads: new HeadWriter(),
    ...(log?.prompt === undefined ? {} : { notePrompt: log.prompt }),
  };
  const callers = new WeakMap<IncomingMessage, GatewayKey>();
  let draining = false;
  const refusesAtOnce = createEntrance({ localOnly: !required, maxConnections, draining: () => draining });
  const api = await createApi({
    toolkit,
    sources,
    keyring,
    overview,
    sessions,
    workers,
    admits: (request) => admits(request),
    open,
    keysRequired: required,
    startedAt: Date.now(),
    draining: () => draining,
    callerOf: (request) => callers.get(request),
    receive: (request, response, handler) => {
      noteResponse(response);
      takeWholeUrl(request);
      if (refusesAtOnce(request, response)) return;
      const route = gatewayRoute(request, gateway);
      if (route !== undefined) route(request, response);
      else if (mayEnter(request, response)) handler(request, response);
    },
  });
  const { app, server } = api;
  boundConnections(server, maxConnections);
  const url = await app.listen({ host, port, backlog, ...(reusePort ? { reusePort } : {}) });
  let closing: Promise<void> | undefined;

  /** Authorises a request to a route outside the gateway; otherwise answers with the refusal. */
  function mayEnter(request: IncomingMessage, response: ServerResponse): boolean {
    if (isOpen(request)) return true;
    const failure = misplaced(request);
    if (failure !== undefined) return keepOut(request, response, { failure, headers: {} }, 'bad_request');
    const isModels = pathOf(request).startsWith('/v1/');
    try {
      if (isModels) {
        const key = doorkeeper.caller(request);
        if (key !== undefined) callers.set(request, key);
      } else doorkeeper.admin(request);
      return true;
    } catch (error) {
      const refusal = refusalOf(error, errorSurface(request));
      return keepOut(request, response, refusal, refusalReason(error, request));
    }
  }

  function keepOut(
    request: IncomingMessage,
    response: ServerResponse,
    { failure, headers }: Refusal,
    reason: RefusalReason,
  ): false {
    if (mustCloseBehind(request, maxBodyBytes)) response.setHeader('connection', 'close');
    turnAway(response, errorSurface(request), failure, {
      requestId: randomUUID(),
      headers: { ...headers, ...failureFacts(failure) },
      reason,
    });
    return false;
  }

  /** Whether an admitted request is still authorised. */
  function admits(request: IncomingMessage): boolean {
    try {
      doorkeeper.admin(request);
      return true;
    } catch {
      return false;
    }
  }

  /** Keeps listening until open requests are done, so that new ones get a 503 rather than a refused connection. */
  async function close(): Promise<void> {
    draining = true;
    const endsOn = performance.now() + drainMs;
    api.endStreams();
    const bound = Promise.withResolvers<void>();
    const timer = setTimeout(bound.resolve, drainMs);
    await Promise.race([open.idle(), bound.promise]);
    clearTimeout(timer);
    api.endRuns();
    if (open.count > 0) {
      access.giveUp(new AiError('AI_CLOSED', stopping.message, { hint: stopping.hint }));
      await pipeline.close();
    }
    const cut = setTimeout(() => server.closeAllConnections(), Math.max(flushMs, endsOn - performance.now()));
    // A connection whose response began before the stop stays open in keep-alive afterwards; nothing else closes it.
    const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
    await app.close();
    clearTimeout(cut);
    clearInterval(sweep);
    stopLog?.();
    stopCounting();
  }

  const running: RunningServer = {
    url,
    close: () => {
      closing ??= close();
      return closing;
    },
    [Symbol.asyncDispose]: () => running.close(),
  };
  return running;
}

function unsafeHost(host: string): ConfigError {
  const message = `The server will not listen on ${host}: it asks for no key as long as there is none.`;
  return new ConfigError('CONFIG_UNSAFE_HOST', message, {
    hint: 'Make one: ai-toolkit keys create --name NAME',
  });
}
