import { Counter, type Registry } from 'prom-client';

/**
 * Why a server refuses a request before it becomes a call:
 * - `key_missing`, `key_rejected`: no key was sent, or one that is unknown, expired or revoked;
 * - `key_kind`: an admin key where a gateway key is needed, or the other way round;
 * - `model_forbidden`: the key is not for this model;
 * - `rate_limit`, `budget`: the requests or tokens of the key's minute, or its budget, are used up;
 * - `unpriced`: the key has a budget, and the price of the model is not known;
 * - `keys_unavailable`: the keys cannot be read now;
 * - `draining`, `connections`: the server stops, or has too many connections;
 * - `body_too_large`;
 * - `origin`: a page or a name from elsewhere, at a server that asks for no key;
 * - `bad_request`: everything else, such as an address that is none.
 */
export type RefusalReason =
  | 'key_missing'
  | 'key_rejected'
  | 'key_kind'
  | 'model_forbidden'
  | 'rate_limit'
  | 'budget'
  | 'unpriced'
  | 'keys_unavailable'
  | 'draining'
  | 'connections'
  | 'body_too_large'
  | 'origin'
  | 'bad_request';

const refusalReasons: Readonly<Record<RefusalReason, true>> = {
  key_missing: true,
  key_rejected: true,
  key_kind: true,
  model_forbidden: true,
  rate_limit: true,
  budget: true,
  unpriced: true,
  keys_unavailable: true,
  draining: true,
  connections: true,
  body_too_large: true,
  origin: true,
  bad_request: true,
};

/** Registers the counter, with each reason at zero: a first refusal is then an increase like any other. Returns what counts one. */
export function registerRefusals(registry: Registry): (reason: RefusalReason) => void {
  const counter = new Counter({
    name: 'ai_toolkit_refused_total',
    help: 'Requests that were refused before they became calls, which are in no other metric.',
    labelNames: ['reason'],
    registers: [registry],
  });
  for (const reason of Object.keys(refusalReasons)) counter.inc({ reason }, 0);
  return (reason) => counter.inc({ reason });
}
