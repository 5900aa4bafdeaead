import { type CallRecord, maxModelLength, type Router, type Surface } from '@ai-toolkit/ai-client';
import {
  allowsModel,
  type GatewayKey,
  isSameSecret,
  type KeyGate,
  KeysError,
} from '@ai-toolkit/gateway-keys';
import { accountsOf, type PriceTable } from '@ai-toolkit/usage';
import { leastInput } from './least-input.js';
import { worstCase } from './worst-case.js';

/** A model request made with a key. */
export interface KeyedRequest {
  readonly surface: Surface;
  readonly body: Uint8Array;
  readonly requestId: string;
  /** The request costs nothing and uses no tokens, whatever its body says. Default: false. */
  readonly isFree?: boolean;
}

/** Enforces what keys allow: models, requests, tokens and budget. */
export interface KeyAccess {
  /**
   * Admits a request of a key; its call record, or `cancel`, settles it. Synchronous unless shared state must be
   * consulted. Throws or rejects with a `KeysError`.
   */
  admit(key: GatewayKey, request: KeyedRequest): Promise<void> | undefined;
  /** Settles a free request that has ended. */
  settleFree(requestId: string): void;
  /** Settles a request that was not made after all. */
  cancel(requestId: string): void;
  /** Like `KeyGate.giveUp`. */
  giveUp(reason: Error): void;
  /** Settles a call that has ended. Ignores calls without a key. */
  settle(record: CallRecord): void;
  inspect: KeyGate['inspect'];
  snapshot: KeyGate['snapshot'];
  /** Whether a secret equals the configured admin key. */
  isAdminKey(secret: string): boolean;
}

interface KeyAccessParts {
  readonly gate: KeyGate;
  readonly prices: PriceTable;
  readonly router: Router;
  readonly adminKey: string | undefined;
}

export function createKeyAccess({ gate, prices, router, adminKey }: KeyAccessParts): KeyAccess {
  return {
    admit(key, { surface, body, requestId, isFree = false }) {
      // Most keys allow any model and have neither a budget nor a limit of tokens, so their requests need not be parsed.
      const restricted = !key.models.includes('*');
      if (!restricted && key.budget === undefined)
        return gate.admit(
          key,
          requestId,
          noPrice,
          isFree ? nothing : () => leastInput(readBody(body), body.length),
        );
      const asked = readBody(body);
      const { model } = asked;
      // The call itself rejects a model that is missing or too long, without asking a provider.
      if (typeof model !== 'string' || model === '' || model.length > maxModelLength)
        return gate.admit(key, requestId, nothing);
      if (restricted && !allowsModel(key.models, model)) throw forbidden(model);
      return gate.admit(
        key,
        requestId,
        isFree ? nothing : () => worstPrice(surface, asked, model, body.length),
        isFree ? nothing : () => leastInput(asked, body.length),
      );
    },

    cancel: (requestId) => gate.cancel(requestId),
    giveUp: (reason) => gate.giveUp(reason),
    settleFree: (requestId) => gate.settle(requestId, free),

    settle(record) {
      if (!gate.holds(record.requestId)) return;
      if (chargesNothing.has(record.cache)) {
        gate.settle(record.requestId, free);
        return;
      }
      const { billed, billedUsd } = accountsOf(record, prices);
      gate.settle(record.requestId, {
        usd: billedUsd,
        // Usage of a broken-off answer is unknown, so the estimate stands.
        ...(billedUsd === null && record.usage === undefined
          ? {}
          : { inputTokens: billed.input, outputTokens: billed.output }),
      });
    },

    inspect: (key) => gate.inspect(key),
    snapshot: () => gate.snapshot(),
    isAdminKey: (secret) => adminKey !== undefined && isSameSecret(secret, adminKey),
  };

  /** The highest price over all possible upstreams, US dollars; `undefined` if any price is unknown. */
  function worstPrice(
    surface: Surface,
    asked: Readonly<Record<string, unknown>>,
    model: string,
    bytes: number,
  ): number | undefined {
    let usd = 0;
    for (const upstream of upstreamsOf(model, surface)) {
      // An alias does not reveal the output limit of its model.
      const worst = worstCase(surface, { ...asked, model: upstream.model }, bytes);
      const price = prices.price(upstream.provider.name, upstream.model, worst);
      if (!price.known) return undefined;
      usd = Math.max(usd, price.usd);
    }
    return usd;
  }

  function upstreamsOf(model: string, surface: Surface): ReturnType<Router>['targets'] {
    try {
      const { targets, fallbacks } = router(model, surface);
      return [...targets, ...fallbacks];
    } catch {
      // No upstream can be asked. The call itself reports that, at no cost.
      return [];
    }
  }
}

function nothing(): number {
  return 0;
}

/** Outcomes for which this caller caused no provider call. */
const chargesNothing: ReadonlySet<CallRecord['cache']> = new Set(['hit', 'stale', 'semantic', 'coalesced']);
const free = { inputTokens: 0, outputTokens: 0, usd: 0 };

/** The gate asks for a price only if the key has a budget. */
function noPrice(): undefined {
  return undefined;
}

/** The call itself rejects a body that is not a JSON object, without asking a provider. */
function readBody(body: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const { buffer, byteOffset, byteLength } = body;
    const value: unknown = JSON.parse(Buffer.from(buffer, byteOffset, byteLength).toString());
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

function forbidden(model: string): KeysError {
  return new KeysError(
    'KEYS_MODEL_FORBIDDEN',
    `This key is not for the model ${JSON.stringify(model.slice(0, 200))}.`,
    {
      hint: 'See GET /v1/models for those that it is for, or ask for another key.',
    },
  );
}
