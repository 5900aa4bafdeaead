import type { CallRecord, Router, Surface } from '@ai-toolkit/ai-client';
import {
  allowsModel,
  type GatewayKey,
  isSameSecret,
  type KeyGate,
  KeysError,
} from '@ai-toolkit/gateway-keys';
import { accountsOf, type PriceTable } from '@ai-toolkit/usage';
import { worstCase } from './worst-case.js';

/** A request to a model by a holder of a key. */
export interface KeyedRequest {
  readonly surface: Surface;
  readonly body: Uint8Array;
  readonly requestId: string;
  /** It costs nothing and takes no tokens, whatever it says. Default false. */
  readonly isFree?: boolean;
}

/** How far keys reach: which models, how many requests and tokens, for how much money. */
export interface KeyAccess {
  /**
   * Takes a request of the key; its record, or `cancel`, settles it. Returns at once unless others have to be asked. Throws, or
   * rejects with, a `KeysError`.
   */
  admit(key: GatewayKey, request: KeyedRequest): Promise<void> | undefined;
  /** A free request has ended. */
  settleFree(requestId: string): void;
  /** The request was not made after all. */
  cancel(requestId: string): void;
  /** As `KeyGate.giveUp`. */
  giveUp(reason: Error): void;
  /** A call has ended. Calls of nobody's key are none of its business. */
  settle(record: CallRecord): void;
  inspect: KeyGate['inspect'];
  /** Whether a secret is the admin key of the configuration. */
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
      // Most keys are for any model and have no budget: nothing of their requests has to be read here.
      const restricted = !key.models.includes('*');
      if (!restricted && key.budget === undefined) return gate.admit(key, requestId, noPrice);
      const asked = readBody(body);
      const { model } = asked;
      // The call itself says that it names none, and asks nobody.
      if (typeof model !== 'string' || model === '') return gate.admit(key, requestId, nothing);
      if (restricted && !allowsModel(key.models, model)) throw forbidden(model);
      return gate.admit(
        key,
        requestId,
        isFree ? nothing : () => worstPrice(surface, asked, model, body.length),
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
        // Nobody has told what an answer took that broke off: then the estimate stands.
        ...(billedUsd === null && record.usage === undefined
          ? {}
          : { inputTokens: billed.input, outputTokens: billed.output }),
      });
    },

    inspect: (key) => gate.inspect(key),
    isAdminKey: (secret) => adminKey !== undefined && isSameSecret(secret, adminKey),
  };

  /** US dollars, whoever of those that may be asked is; `undefined` when one of them has no known price. */
  function worstPrice(
    surface: Surface,
    asked: Readonly<Record<string, unknown>>,
    model: string,
    bytes: number,
  ): number | undefined {
    let usd = 0;
    for (const upstream of upstreamsOf(model, surface)) {
      // An alias says nothing of how much its model writes.
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
      // Nobody can be asked, which the call itself says; that costs nothing.
      return [];
    }
  }
}

function nothing(): number {
  return 0;
}

/** No provider was asked for this caller. */
const chargesNothing: ReadonlySet<CallRecord['cache']> = new Set(['hit', 'stale', 'semantic', 'coalesced']);
const free = { inputTokens: 0, outputTokens: 0, usd: 0 };

/** The gate asks for a price where the key has a budget alone. */
function noPrice(): undefined {
  return undefined;
}

/** What is no JSON object is refused by the call itself, and asks nobody. */
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
