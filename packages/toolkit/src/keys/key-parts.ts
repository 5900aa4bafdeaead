import type { CallRecord } from '@ai-toolkit/ai-client';
import type { Keyring, KeyStore } from '@ai-toolkit/gateway-keys';
import type { AnyLimiter } from '@ai-toolkit/rate-limit';
import type { PriceTable } from '@ai-toolkit/usage';
import type { Paths } from '../config/paths.js';
import type { Config } from '../config/schema.js';
import { type Lazy, lazy } from '../lazy.js';
import type { ChosenProvider } from '../providers/choose.js';
import type { KeyAccess } from './key-access.js';

interface KeyPartsOptions {
  readonly config: Config;
  readonly paths: Pick<Paths, 'keys'>;
  readonly limiter: Lazy<AnyLimiter>;
  readonly prices: Lazy<PriceTable>;
  readonly providers: Lazy<readonly ChosenProvider[]>;
}

/** The gateway keys and what they allow. */
export interface KeyParts {
  readonly keyring: Lazy<Keyring>;
  readonly access: Lazy<KeyAccess>;
  /** Settles a call that has ended. No call has a key until `access` has been requested. */
  settle(record: CallRecord): void;
}

export function createKeyParts({ config, paths, limiter, prices, providers }: KeyPartsOptions): KeyParts {
  const keyring = lazy(async () => {
    const { createKeyring } = await import('@ai-toolkit/gateway-keys');
    const { url } = config.redis;
    const shared = url === undefined ? {} : { shared: await redisKeys(url) };
    const ring = createKeyring({ path: paths.keys, ...shared });
    await ring.ready();
    return ring;
  });

  let made: KeyAccess | undefined;
  const access = lazy(async () => {
    const [{ KeyGate }, { createRouter }, { routesOf }, { createKeyAccess }, ring, keyLimits, table, chosen] =
      await Promise.all([
        import('@ai-toolkit/gateway-keys'),
        import('@ai-toolkit/ai-client'),
        import('../providers/routes-of.js'),
        import('./key-access.js'),
        keyring(),
        limiter(),
        prices(),
        providers(),
      ]);
    const { adminKey, keyQueueMs } = config.server;
    made = createKeyAccess({
      gate: new KeyGate({ keyring: ring, limiter: keyLimits, queueMs: keyQueueMs }),
      prices: table,
      router: createRouter(
        chosen.map(({ provider }) => provider),
        routesOf(config.routes, chosen),
      ),
      adminKey,
    });
    return made;
  });

  return { keyring, access, settle: (record) => made?.settle(record) };
}

async function redisKeys(url: string): Promise<KeyStore> {
  const [{ redisKeyStore }, { createClient }] = await Promise.all([
    import('@ai-toolkit/gateway-keys/redis'),
    import('redis'),
  ]);
  return redisKeyStore({ client: createClient({ url }) });
}
