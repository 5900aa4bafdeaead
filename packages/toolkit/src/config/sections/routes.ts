import type { Kind } from '../kind.js';
import { type Fields, listOfTables, or, positive, required, text } from './kinds.js';

interface RouteTarget {
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly weight?: number | undefined;
  readonly idleTimeoutMs?: number | undefined;
}

/** Routing of requests for a model; see `ModelRoute` of ai-client. */
export interface Route {
  readonly model: string;
  readonly targets: readonly RouteTarget[];
  readonly fallbacks?: readonly RouteTarget[] | undefined;
  readonly timeoutMs?: number | undefined;
}

const target: Fields<RouteTarget> = {
  provider: text(
    'Name of the provider; openai also means another server used in its place. Default: the one that answers for the model.',
  ),
  model: text('The model as the provider names it. Default: the name that the caller used.'),
  weight: positive('Share of the requests. Default: 1.'),
  idleTimeoutMs: positive('Longest silence of the provider, ms.'),
};

export const routesSection: Kind<readonly Route[]> = or(
  listOfTables<Route>('Model aliases, load balancing and fallbacks.', {
    model: required(text('The model as callers name it; a * at the end matches anything.')),
    targets: required(listOfTables('Requests are spread over these by weight.', target, 1)),
    fallbacks: listOfTables('Tried in order when no target answers.', target),
    timeoutMs: positive('Time limit for the whole call, ms.'),
  }),
  [],
);
