import * as z from 'zod/mini';
import { amount, integer, positive, positiveInteger } from './kinds.js';

const minute = 60_000;

export interface LimitsSection {
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
  readonly maxConcurrent?: number | undefined;
  readonly maxWaitMs: number;
  readonly maxQueue: number;
  readonly maxCallMs: number;
}

/** US dollars for a million tokens; see `ModelPrice` of usage. */
export interface Price {
  readonly inputUsd: number;
  readonly outputUsd: number;
  readonly cachedInputUsd?: number | undefined;
}

export const limitsSection: z.ZodMiniType<LimitsSection> = z
  .prefault(
    z.strictObject({
      requestsPerMinute: z.optional(positive('Requests a minute to each provider and model.')),
      tokensPerMinute: z.optional(positive('Tokens a minute to each provider and model.')),
      maxConcurrent: z.optional(positiveInteger('Calls under way at once to each provider and model.')),
      maxWaitMs: z._default(
        integer(
          'Longest that a call waits for its turn, ms; who would wait longer is refused at once. 0: nobody waits.',
          0,
          Number.MAX_SAFE_INTEGER,
        ),
        minute,
      ),
      maxQueue: z._default(
        integer('Calls that may wait for each provider and model.', 0, Number.MAX_SAFE_INTEGER),
        1000,
      ),
      maxCallMs: z._default(
        positive('Longest that any call may take, waiting and streaming included, ms.'),
        60 * minute,
      ),
    }),
    {},
  )
  .check(
    z.describe("Bounds on what is asked of providers. Without them, what the providers' headers tell holds."),
  );

export const pricesSection: z.ZodMiniType<Readonly<Record<string, Price>>> = z._default(
  z
    .record(
      z.string().check(z.minLength(1)),
      z.strictObject({
        inputUsd: amount('US dollars for a million tokens of input.'),
        outputUsd: amount('US dollars for a million tokens of output.'),
        cachedInputUsd: z.optional(
          amount("The same for input that the provider had in its cache. Default: the input's."),
        ),
      }),
    )
    .check(
      z.describe('Your own prices, by "provider/model", "provider/*" or "model"; before the built-in ones.'),
    ),
  {},
);
