import type { Kind } from '../kind.js';
import { amount, flag, integer, or, positiveInteger, secret, section, text } from './kinds.js';

const minute = 60_000;

export interface ServerSection {
  readonly host: string;
  readonly port: number;
  readonly adminKey?: string | undefined;
  readonly requireKeys: boolean;
  readonly keyQueueMs: number;
  readonly workers: number;
  readonly maxBodyBytes: number;
  readonly requestTimeoutMs: number;
  readonly keepAliveMs: number;
  readonly maxConnections: number;
  readonly drainMs: number;
}

export const serverSection: Kind<ServerSection> = section('The gateway that `serve` runs.', {
  host: or(text('Address to bind.'), '127.0.0.1'),
  port: or(integer('Port; 0 takes a free one.', 0, 65_535), 4000),
  adminKey: secret('Key for all routes except those of models; at least 20 characters.', 20),
  requireKeys: or(
    flag('Require keys on a loopback address as well; on any other they are always required.'),
    false,
  ),
  keyQueueMs: or(
    amount(
      'How long a request waits for the limits of its gateway key, ms. 0: it is refused at once.',
      60_000,
    ),
    0,
  ),
  workers: or(integer('Processes that share the port; 0: one per core.', 0, 256), 1),
  maxBodyBytes: or(positiveInteger('Largest body of a request to a model, bytes.'), 64 * 1024 * 1024),
  requestTimeoutMs: or(positiveInteger('How long a request may take to arrive completely, ms.'), 2 * minute),
  keepAliveMs: or(
    positiveInteger(
      'How long an idle connection is kept open, ms; must be longer than a proxy in front keeps its own.',
    ),
    75_000,
  ),
  maxConnections: or(
    positiveInteger('Simultaneous connections; requests on further ones are refused with 503.'),
    10_000,
  ),
  drainMs: or(amount('How long open responses may continue after SIGTERM, ms.', 10 * minute), 10_000),
});
