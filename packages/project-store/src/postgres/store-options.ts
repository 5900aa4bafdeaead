import { createPool, type PostgresPool } from './pool.js';

export interface PostgresProjectStoreOptions {
  /** `postgres://user:password@host:port/database`. Never shown in an error. Either this or `pool`. */
  readonly url?: string;
  /** A pool of `pg` to use instead of one of its own. It stays yours to close. A watch holds one connection of it. */
  readonly pool?: PostgresPool;
  /** Schema that holds the tables, made when it is not there. One for each tenant. Default: `ai_toolkit`. */
  readonly schema?: string;
  /** Connections of the store's own pool; each watch has another one. Default: 10. */
  readonly maxConnections?: number;
  /** How long a call waits for a connection, ms. Of the store's own pool. Default: 5,000. */
  readonly connectTimeoutMs?: number;
  /** Longest a single statement may take, ms. Default: 15,000. */
  readonly statementTimeoutMs?: number;
  /** How long a write waits for another one to the same project, ms. Default: 10,000. */
  readonly lockWaitMs?: number;
  /** A run on another machine that gave no sign for this long has lost its stage, ms. Default: 30,000. */
  readonly stageLeaseMs?: number;
  /** Epoch, ms. Default: `Date.now`. Leases go by the clock of the database. */
  readonly clock?: () => number;
}

export interface ResolvedOptions {
  readonly schema: string;
  readonly statementTimeoutMs: number;
  readonly lockWaitMs: number;
  readonly stageLeaseMs: number;
  readonly clock: () => number;
  /** Whether the pool is the store's own, to be closed with it. */
  readonly ownsPool: boolean;
  readonly maxConnections: number;
  /** A pool of at most so many connections, or that of the caller. */
  openPool(maxConnections: number): Promise<PostgresPool>;
}

/** PostgreSQL cuts longer names short without a word, so that two schemas would be one. Leaves room for the channel. */
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

/** What was received is not shown: it may hold a password in a place where nobody would look for one. */
function checkUrl(url: unknown): void {
  const wanted = 'url must be a URL like postgres://user:password@host:5432/database';
  if (typeof url !== 'string' || !URL.canParse(url)) {
    throw new TypeError(`${wanted}, received a ${typeof url} that is none`);
  }
  const { protocol, pathname, search, hash } = new URL(url);
  if (protocol !== 'postgres:' && protocol !== 'postgresql:') {
    throw new TypeError(`${wanted}, received one of the protocol ${protocol}`);
  }
  // Else a part of a password would be taken for the name of a database, which errors do show.
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
