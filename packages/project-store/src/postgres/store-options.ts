import { createPool, type PostgresPool } from './pool.js';

export interface PostgresProjectStoreOptions {
  /** `postgres://user:password@host:port/database`. Never shown in an error. Either this or `pool`. */
  readonly url?: string;
  /** A `pg` pool to use instead of an own one. The caller closes it. Each watch occupies one of its connections. */
  readonly pool?: PostgresPool;
  /** Schema of the tables, created if missing. Use one per tenant. Default: `ai_toolkit`. */
  readonly schema?: string;
  /** Size of the store's own pool; each watch uses one further connection. Default: 10. */
  readonly maxConnections?: number;
  /** How long a call waits for a connection of the store's own pool, ms. Default: 5,000. */
  readonly connectTimeoutMs?: number;
  /** Timeout of a single statement, ms. Default: 15,000. */
  readonly statementTimeoutMs?: number;
  /** How long a write waits for another write to the same project, ms. Default: 10,000. */
  readonly lockWaitMs?: number;
  /** Silence after which a run on another machine loses its stage, ms. Default: 30,000. */
  readonly stageLeaseMs?: number;
  /** Epoch, ms. Default: `Date.now`. Leases use the clock of the database. */
  readonly clock?: () => number;
}

export interface ResolvedOptions {
  readonly schema: string;
  readonly statementTimeoutMs: number;
  readonly lockWaitMs: number;
  readonly stageLeaseMs: number;
  readonly clock: () => number;
  /** Whether the store owns the pool and closes it. */
  readonly ownsPool: boolean;
  readonly maxConnections: number;
  /** A pool of at most this many connections, or the caller's. */
  openPool(maxConnections: number): Promise<PostgresPool>;
}

/** PostgreSQL silently truncates longer names, which could merge two schemas. Leaves room for the channel's prefix. */
const maxSchemaBytes = 48;
const maxTimerMs = 2 ** 31 - 1;

/** @throws TypeError or RangeError naming the option */
export function resolveOptions(options: PostgresProjectStoreOptions): ResolvedOptions {
  const { url, pool, schema = 'ai_toolkit', clock = Date.now } = options;
  if ((url === undefined) === (pool === undefined)) {
    throw new TypeError(`give either url or pool, received ${url === undefined ? 'neither' : 'both'}`);
  }
  const maxConnections = within('maxConnections', options.maxConnections ?? 10, 1, 10_000);
  const connectTimeoutMs = within('connectTimeoutMs', options.connectTimeoutMs ?? 5000, 1, maxTimerMs);
  if (url !== undefined) checkUrl(url);
  return {
    schema: checkSchema(schema),
    statementTimeoutMs: within('statementTimeoutMs', options.statementTimeoutMs ?? 15_000, 1, maxTimerMs),
    lockWaitMs: within('lockWaitMs', options.lockWaitMs ?? 10_000, 0, maxTimerMs),
    stageLeaseMs: within('stageLeaseMs', options.stageLeaseMs ?? 30_000, 1000, maxTimerMs),
    clock,
    ownsPool: pool === undefined,
    maxConnections,
    openPool: async (most) => pool ?? createPool({ url: url ?? '', maxConnections: most, connectTimeoutMs }),
  };
}

function within(option: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(
    `${option} must be a whole number from ${least} to ${most}, received ${String(value)}`,
  );
}

/** Never shows the value received: it may hold a password in an unexpected place. */
function checkUrl(url: unknown): void {
  const wanted = 'url must be a URL like postgres://user:password@host:5432/database';
  if (typeof url !== 'string' || !URL.canParse(url)) {
    throw new TypeError(`${wanted}, received a ${typeof url} that is none`);
  }
  const { protocol, pathname, search, hash } = new URL(url);
  if (protocol !== 'postgres:' && protocol !== 'postgresql:') {
    throw new TypeError(`${wanted}, received one of the protocol ${protocol}`);
  }
  // Otherwise part of a password could be taken for the database name, which errors do show.
  if (hash !== '' || `${pathname}${search}`.includes('@')) {
    throw new TypeError(`${wanted}, with / ? # @ and : in user and password written as %XX`);
  }
}

function checkSchema(schema: unknown): string {
  if (typeof schema !== 'string') throw new TypeError(`schema must be a string, received ${typeof schema}`);
  const bytes = Buffer.byteLength(schema);
  const reason =
    bytes < 1 || bytes > maxSchemaBytes
      ? `must have 1 to ${maxSchemaBytes} bytes`
      : schema.startsWith('pg_')
        ? 'must not begin with pg_, which PostgreSQL keeps for itself'
        : /\p{Cc}/u.test(schema) || !schema.isWellFormed()
          ? 'must have no control characters'
          : undefined;
  if (reason === undefined) return schema;
  throw new RangeError(`schema ${reason}, received ${JSON.stringify(schema)}`);
}
