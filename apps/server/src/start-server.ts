import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ConfigError, type Toolkit } from '@ai-toolkit/toolkit';
import fastify from 'fastify';
import { errorHandlers } from './api/errors.js';
import { statusRoutes } from './api/status.js';
import { usageRoutes } from './api/usage.js';
import { dashboardRoutes } from './dashboard.js';
import { errorSurface, gatewayRoute } from './gateway/gateway.js';
import { refuse } from './gateway/response-sink.js';
import { isLoopback, strangerReason } from './guard.js';

export interface ServerOptions {
  readonly toolkit: Toolkit;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** How long open answers may go on after `close`, ms. Default 10,000. */
  readonly drainMs?: number;
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

/** How often connections that have become idle are closed while the server stops, ms. */
const sweepMs = 50;

/** Starts the gateway. Fails with `CONFIG_UNSAFE_HOST`, or with the system's error when the address cannot be bound. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { toolkit, host, port, drainMs = 10_000 } = options;
  if (!isLoopback(host)) throw unsafeHost(host);
  const pipeline = await toolkit.pipeline();
  let draining = false;
  let server: Server | undefined;
  const app = fastify({
    genReqId: () => randomUUID(),
    forceCloseConnections: 'idle',
    serverFactory: (handler) => {
      server = createServer((request, response) => {
        if (refuseStranger(request, response)) return;
        if (draining) {
          refuseLate(request, response);
          return;
        }
        const route = gatewayRoute(request, pipeline);
        if (route === undefined) handler(request, response);
        else route(request, response);
      });
      return server;
    },
  });
  errorHandlers(app);
  statusRoutes(app, toolkit, { startedAt: Date.now(), draining: () => draining });
  usageRoutes(app, toolkit);
  await dashboardRoutes(app);
  const url = await app.listen({ host, port });
  let closing: Promise<void> | undefined;

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
  return new ConfigError('CONFIG_UNSAFE_HOST', `The server will not listen on ${host}: it asks for no key.`, {
    hint: 'Use 127.0.0.1, and let a proxy that authenticates stand in front of it.',
  });
}
