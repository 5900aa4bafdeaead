import * as z from 'zod/mini';
import { amount, flag, integer, secret, text } from './kinds.js';

export interface ServerSection {
  readonly host: string;
  readonly port: number;
  readonly adminKey?: string | undefined;
  readonly requireKeys: boolean;
  readonly keyQueueMs: number;
}

export const serverSection: z.ZodMiniType<ServerSection> = z
  .prefault(
    z.strictObject({
      host: z._default(text('Address to bind.'), '127.0.0.1'),
      port: z._default(integer('Port; 0 takes a free one.', 0, 65_535), 4000),
      adminKey: z.optional(secret('Key for all routes but those of models, 20 characters or more.', 20)),
      requireKeys: z._default(
        flag('Ask for a key on a loopback address, too; on any other it is always asked for.'),
        false,
      ),
      keyQueueMs: z._default(
        amount(
          "Longest that a request waits for its gateway key's limits, ms. 0: it is refused at once.",
          60_000,
        ),
        0,
      ),
    }),
    {},
  )
  .check(z.describe('The gateway that `serve` runs.'));
