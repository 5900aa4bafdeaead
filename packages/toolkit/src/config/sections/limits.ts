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

/** US dollars per million tokens; see `ModelPrice` of usage. */
export interface Price {
  readonly inputUsd: number;
  readonly outputUsd: number;
  readonly cachedInputUsd?: number | undefined;
}

export const limitsSection: Kind<LimitsSection> = section(
  "Limits on requests to providers. Without them, limits are learned from the providers' response headers.",
  {
    requestsPerMinute: positive('Requests per minute to each provider and model.'),
    tokensPerMinute: positive('Tokens per minute to each provider and model.'),
    maxConcurrent: positiveInteger('Concurrent calls to each provider and model.'),
    maxWaitMs: or(
      integer(
        'How long a call waits for its turn, ms; a call that would wait longer is refused at once. 0: no waiting.',
        0,
        Number.MAX_SAFE_INTEGER,
      ),
      minute,
    ),
    maxQueue: or(
      integer('Calls that may wait for each provider and model.', 0, Number.MAX_SAFE_INTEGER),
      10_000,
    ),
    maxCallMs: or(positive('How long any call may take, including waiting and streaming, ms.'), 60 * minute),
  },
);

export const pricesSection: Kind<Readonly<Record<string, Price>>> = tablesByName(
  'Your own prices, by "provider/model", "provider/*" or "model"; they take precedence over the built-in ones.',
  {
    inputUsd: required(amount('US dollars per million input tokens.')),
    outputUsd: required(amount('US dollars per million output tokens.')),
    cachedInputUsd: amount(
      "US dollars per million input tokens read from the provider's cache. Default: as for other input.",
    ),
  },
);
