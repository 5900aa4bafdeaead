import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Failure } from '@ai-toolkit/ai-client';
import type { RefusalReason } from '@ai-toolkit/usage';
import { stopping } from './gateway/failure-of.js';
import { errorSurface, pathOf } from './gateway/paths.js';
import { turnAway } from './gateway/refuse.js';
import { strangerReason } from './guard.js';

/** Maximum length of a URL, characters. */
const maxUrlLength = 8192;
/** Routes about the server itself, which answer even while it drains. */
const ofItself: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);
/** Connections beyond the bound whose requests are still answered with the reason; any more are closed without one. */
const toldBeyond = 256;

/** Refusals that leave the connection open. */
const staysOpen: ReadonlySet<number> = new Set([403, 415]);

export interface EntranceOptions {
  /** Refuse requests that come from other sites' pages or name another host, since the server requires no key. */
  readonly localOnly: boolean;
  readonly maxConnections: number;
  readonly draining: () => boolean;
}

interface Refused {
  readonly failure: Failure;
  /** Default `bad_request`. */
  readonly reason?: RefusalReason;
}

/** Refuses requests before they are routed. Returns whether it has answered the request. */
export type Entrance = (request: IncomingMessage, response: ServerResponse) => boolean;

export function createEntrance({ localOnly, maxConnections, draining }: EntranceOptions): Entrance {
  return (request, response) => {
    const refused = refusalOf(request);
    if (refused === undefined) return false;
    const { failure, reason = 'bad_request' } = refused;
    if (!staysOpen.has(failure.status)) response.setHeader('connection', 'close');
    if (failure.status === 415) response.setHeader('accept-encoding', 'identity');
    turnAway(response, errorSurface(request), failure, { requestId: randomUUID(), reason });
    return true;
  };

  function refusalOf(request: IncomingMessage): Refused | undefined {
    if (request.headers.host === undefined && request.httpVersion === '1.1')
      return badRequest(400, 'The request names no host.', 'Send a Host header, as HTTP/1.1 asks.');
    if (localOnly) {
      const message = strangerReason(request);
      if (message !== undefined) {
        const hint =
          'Call it by its loopback address, from this machine. With server.requireKeys it serves behind a proxy as well.';
        return { failure: { code: 'FORBIDDEN', status: 403, message, hint }, reason: 'origin' };
      }
    }
    if ((request.url ?? '').length > maxUrlLength)
      return badRequest(
        414,
        `The URL is longer than ${maxUrlLength} characters.`,
        'Put what it says into the body.',
      );
    if (draining() && !ofItself.has(pathOf(request))) return { failure: stopping, reason: 'draining' };
    if (excess.has(request.socket))
      return {
        failure: { ...stopping, message: `More than ${maxConnections} connections are open.` },
        reason: 'connections',
      };
    const coding = request.headers['content-encoding'];
    if (coding !== undefined && coding.trim().toLowerCase() !== 'identity')
      return badRequest(
        415,
        `The body is in the coding ${JSON.stringify(coding.slice(0, 50))}.`,
        'Send it without Content-Encoding.',
      );
    return undefined;
  }
}

const excess = new WeakSet<object>();

/** Counts connections, and marks those beyond the bound, whose requests are then refused. */
export function boundConnections(server: Server, maxConnections: number): void {
  let open = 0;
  server.maxConnections = maxConnections + toldBeyond;
  server.on('connection', (socket) => {
    open += 1;
    if (open > maxConnections) excess.add(socket);
    socket.once('close', () => {
      open -= 1;
    });
  });
}

function badRequest(status: number, message: string, hint: string): Refused {
  return { failure: { code: 'BAD_REQUEST', status, message, hint } };
}
