import * as z from 'zod/mini';
import { positive, text } from './kinds.js';

interface RouteTarget {
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly weight?: number | undefined;
  readonly idleTimeoutMs?: number | undefined;
}

/** Where the requests for a model go; see `ModelRoute` of ai-client. */
export interface Route {
  readonly model: string;
  readonly targets: readonly RouteTarget[];
  readonly fallbacks?: readonly RouteTarget[] | undefined;
  readonly timeoutMs?: number | undefined;
}

const target = z.strictObject({
  provider: z.optional(text('Name of the provider. Default: the one that answers for the model.')),
  model: z.optional(text('The model as the provider names it. Default: as the caller does.')),
  weight: z.optional(positive('Share of the requests. Default: 1.')),
  idleTimeoutMs: z.optional(positive('Longest silence, ms.')),
});

export const routesSection: z.ZodMiniType<readonly Route[]> = z._default(
  z
    .array(
      z.strictObject({
        model: text('The model as callers name it; a * at its end stands for anything.'),
        targets: z
          .array(target)
          .check(z.minLength(1), z.describe('Requests are spread over these by weight.')),
        fallbacks: z.optional(
          z.array(target).check(z.describe('Asked in their order when no target answers.')),
        ),
        timeoutMs: z.optional(positive('Bound on the whole call, ms.')),
      }),
    )
    .check(z.describe('Aliases of models, balancing and fallbacks.')),
  [],
);
