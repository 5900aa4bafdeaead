import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { GatewayKey } from '@ai-toolkit/gateway-keys';
import { ConfigError, type Toolkit } from '@ai-toolkit/toolkit';
import fastify from 'fastify';
import { createDoorkeeper } from './access/doorkeeper.js';
import { refusalOf } from './access/keys-failure.js';
import { errorHandlers } from './api/errors.js';
import { keyRoutes } from './api/keys.js';
import { statusRoutes } from './api/status.js';
import { usageRoutes } from './api/usage.js';
import { dashboardRoutes } from './dashboard.js';
import { usageNote } from './gateway/answer-headers.js';
import { errorSurface, gatewayRoute, maxBodyBytes } from './gateway/gateway.js';
import { mustCloseBehind } from './gateway/read-body.js';
import { failureFacts, refuse } from './gateway/refuse.js';
import { isLoopback, strangerReason } from './guard.js';
import { type Overview, ownOverview } from './overview.js';

export interface ServerOptions {
  readonly toolkit: Toolkit;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** How long open answers may go on after `close`, ms. Default 10,000. */
  readonly drainMs?: number;
  /** Other processes listen on the same port, and the system deals out the connections. Default false. */
  readonly reusePort?: boolean;
  /** What is told of the server. Default: what this process knows. */
  readonly overview?: Overview;
}

export interface RunningServer extends AsyncDisposable {
  /** `http://127.0.0.1:4000`, without a slash at its end. */
  readonly url: string;
  /**
   * Stops taking connections, lets open answers end within `drainMs`, then ends them with an error. The toolkit stays
   * open. Idempotent.
   */
  close(): Promise<void>;
}

/** Routes that say nothing of anybody. */
const openPaths: ReadonlySet<string> = new Set(['/healthz', '/readyz']);
/** By which a browser asks its user for the admin key, so that the dashboard needs no form of its own. */
const browserChallenge = 'Basic realm="AI Toolkit: any name, the admin key as the password", charset="UTF-8"';

/** How often connections that have become idle are closed while the server stops, ms. */
const sweepMs = 50;

/** Starts the gateway. Fails with `CONFIG_UNSAFE_HOST`, or with the system's error when the address cannot be bound. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { toolkit, host, port, drainMs = 10_000, reusePort = false, overview = ownOverview(options.toolkit) } = options;
  const { adminKey, requireKeys } = toolkit.config.server;
  const keyring = await toolkit.keyring();
  if (!isLoopback(host) && !keyring.hasKey('gateway')) throw unsafeHost(host);
  const [pipeline, access, prices] = await Promise.all([
    toolkit.pipeline(),
    toolkit.keyAccess(),
    toolkit.prices(),
  ]);
  const required = requireKeys || !isLoopback(host);
  const doorkeeper = createDoorkeeper({ keyring, access, required, hasAdminKey: adminKey !== undefined });
  const gateway = { pipeline, doorkeeper, access, prices, noteUsage: usageNote(prices) };
  const callers = new WeakMap<IncomingMessage, GatewayKey>();
  let draining = false;
  let server: Server | undefined;
  const app = fastify({
    genReqId: () => randomUUID(),
    forceCloseConnections: 'idle',
    serverFactory: (handler) => {
      server = createServer((request, response) => {
        if (!required && refuseStranger(request, response)) return;
        if (draining) {
          refuseLate(request, response);
          return;
        }
        const route = gatewayRoute(request, gateway);
        if (route !== undefined) route(request, response);
        else if (mayEnter(request, response)) handler(request, response);
      });
      return server;
    },
  });
  errorHandlers(app);
  statusRoutes(app, toolkit, {
    overview,
    startedAt: Date.now(),
    draining: () => draining,
    callerOf: (request) => callers.get(request),
  });
  usageRoutes(app, toolkit, overview);
  keyRoutes(app, keyring);
  await dashboardRoutes(app);
  const url = await app.listen({ host, port, ...(reusePort ? { reusePort } : {}) });
  let closing: Promise<void> | undefined;

  /** Who may ask a route that is not answered by the gateway itself; others are told why not. */
  function mayEnter(request: IncomingMessage, response: ServerResponse): boolean {
    const path = pathOf(request);
    if (openPaths.has(path)) return true;
    const isModels = path.startsWith('/v1/');
    try {
      if (isModels) {
        const key = doorkeeper.caller(request);
        if (key !== undefined) callers.set(request, key);
      } else doorkeeper.admin(request);
      return true;
    } catch (error) {
      const { failure, headers } = refusalOf(error, errorSurface(request));
      const challenge = isModels || failure.status !== 401 ? {} : { 'www-authenticate': browserChallenge };
      if (mustCloseBehind(request, maxBodyBytes)) response.setHeader('connection', 'close');
      refuse(response, errorSurface(request), failure, randomUUID(), {
        ...headers,
        ...challenge,
        ...failureFacts(failure),
      });
      return false;
    }
  }

  async function close(): Promise<void> {
    draining = true;
    const cut = setTimeout(() => void pipeline.close().then(() => server?.closeAllConnections()), drainMs);
    // A connection whose answer began before the stop is kept alive behind it, and nobody else would close it.
    const sweep = setInterval(() => server?.closeIdleConnections(), sweepMs);
    await app.close();
    clearTimeout(cut);
    clearInterval(sweep);
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

function pathOf({ url = '/' }: IncomingMessage): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

function refuseStranger(request: IncomingMessage, response: ServerResponse): boolean {
  const message = strangerReason(request);
  if (message === undefined) return false;
  const hint = 'Call it by its loopback address, from this machine.';
  refuse(response, errorSurface(request), { code: 'FORBIDDEN', status: 403, message, hint }, randomUUID());
  return true;
}

/** A connection that was kept alive brings one more request while the server stops. */
function refuseLate(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('connection', 'close');
  const message = 'The server is stopping.';
  const failure = {
    code: 'AI_CLOSED',
    status: 503,
    message,
    hint: 'Try again in a moment.',
    retryAfterMs: 1000,
  };
  refuse(response, errorSurface(request), failure, randomUUID());
}

function unsafeHost(host: string): ConfigError {
  const message = `The server will not listen on ${host}: it asks for no key as long as there is none.`;
  return new ConfigError('CONFIG_UNSAFE_HOST', message, {
    hint: 'Make one: ai-toolkit keys create --name NAME',
  });
}
