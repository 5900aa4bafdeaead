import type { Kind } from '../kind.js';
import { amount, integer, or, positive, positiveInteger, required, section, tablesByName } from './kinds.js';

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

export const limitsSection: Kind<LimitsSection> = section(
  "Bounds on what is asked of providers. Without them, what the providers' headers tell holds.",
  {
    requestsPerMinute: positive('Requests a minute to each provider and model.'),
    tokensPerMinute: positive('Tokens a minute to each provider and model.'),
    maxConcurrent: positiveInteger('Calls under way at once to each provider and model.'),
    maxWaitMs: or(
      integer(
        'Longest that a call waits for its turn, ms; who would wait longer is refused at once. 0: nobody waits.',
        0,
        Number.MAX_SAFE_INTEGER,
      ),
      minute,
    ),
    maxQueue: or(
      integer('Calls that may wait for each provider and model.', 0, Number.MAX_SAFE_INTEGER),
      10_000,
    ),
    maxCallMs: or(
      positive('Longest that any call may take, waiting and streaming included, ms.'),
      60 * minute,
    ),
  },
);

export const pricesSection: Kind<Readonly<Record<string, Price>>> = tablesByName(
  'Your own prices, by "provider/model", "provider/*" or "model"; before the built-in ones.',
  {
    inputUsd: required(amount('US dollars for a million tokens of input.')),
    outputUsd: required(amount('US dollars for a million tokens of output.')),
    cachedInputUsd: amount("The same for input that the provider had in its cache. Default: the input's."),
  },
);
