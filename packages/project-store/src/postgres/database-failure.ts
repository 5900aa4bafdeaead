import { errorCode } from '../fs/error-code.js';
import { StoreError, type StoreErrorCode } from '../store-error.js';

type Story = readonly [code: StoreErrorCode, message: string, hint: string, retryable?: boolean];

const unavailable: Story = [
  'STORE_UNAVAILABLE',
  'The database cannot be reached',
  'Check that it runs and that its address is right. The store connects again by itself.',
  true,
];
const slow: Story = [
  'STORE_UNAVAILABLE',
  'The database took too long',
  'Look at its load, or allow more by statementTimeoutMs, then try again.',
  true,
];
const login: Story = [
  'STORE_UNREADABLE',
  'The database refuses the login',
  'Check user, password, database name and TLS in the URL of the database.',
];
const busy: Story = [
  'STORE_LOCKED',
  'Another process has been changing the same for too long',
  'Wait for it to finish, then try again.',
  true,
];
const full: Story = [
  'STORE_UNWRITABLE',
  'The database has no room left',
  'Free some of it, then try again. Nothing was half-written.',
  true,
];
const exhausted: Story = [
  'STORE_UNAVAILABLE',
  'All connections of the store were in use for too long',
  'Raise maxConnections, or do less at once.',
  true,
];
/** Any other error of the database. */
const refused: Story = [
  'STORE_UNREADABLE',
  'The database refuses a statement',
  'Look into the log of the database. If it is sound, this is a fault to report.',
];
const pooler =
  'Give the store connections of its own, or a pooler that keeps a transaction on one connection.';

/** By SQLSTATE or a prefix of it; https://www.postgresql.org/docs/current/errcodes-appendix.html */
const stories: Readonly<Record<string, Story>> = {
  '08': unavailable,
  '08P01': ['STORE_UNAVAILABLE', 'The database or a pooler before it refuses the connection', pooler],
  '57P': unavailable,
  '53300': [
    'STORE_UNAVAILABLE',
    'The database has no connection left',
    'Lower maxConnections of the servers or put a pooler before the database, then try again.',
    true,
  ],
  '57014': slow,
  '25P03': slow,
  '28': login,
  '3D000': login,
  '25006': [
    'STORE_UNWRITABLE',
    'The database is read-only',
    'Name the primary instead of a replica in the URL. After a failover, try again.',
    true,
  ],
  '42501': [
    'STORE_UNWRITABLE',
    'The user of the database may not do this',
    'Grant it the schema of the projects, or let the owner of the schema open the store once.',
  ],
  '55P03': busy,
  '40001': busy,
  '40P01': busy,
  '53100': full,
  '53200': full,
  '54': full,
  '42P01': [
    'STORE_UNREADABLE',
    'The tables of the projects are gone',
    'Bring back the schema, or try again to begin with an empty one.',
    true,
  ],
  '3F000': [
    'STORE_UNREADABLE',
    'The schema of the projects is gone',
    'Bring it back, or try again to begin with an empty one.',
    true,
  ],
};

/** Socket and host lookup errors. */
const network = /^(?:E(?:CONN|PIPE|HOST|NET|TIMEDOUT|NOTFOUND|AI_)|ENOENT)/u;
/** Errors of `pg` that have no code. */
const lost =
  /^(?:Connection terminated|timeout expired|Client (?:has encountered|was closed)|The server does not support SSL)/u;
const readTimeout = 'Query read timeout';
const poolTimeout = 'timeout exceeded when trying to connect';

/** The error to throw for a failed statement: known causes become `StoreError`, others are returned unchanged. */
export function databaseFailure(error: unknown): unknown {
  if (StoreError.isInstance(error) || !(error instanceof Error)) return error;
  const story = storyOf(error);
  if (story === undefined) return error;
  const [code, message, hint, retryable = false] = story;
  return new StoreError(code, `${message}: ${reasonOf(error)}.`, { hint, retryable, cause: error });
}

/** Whether the connection must not be reused after this error. */
export function isBroken(error: unknown): boolean {
  if (!(error instanceof Error) || StoreError.isInstance(error)) return false;
  const code = errorCode(error) ?? '';
  // 25006: this server is no longer the primary, but another one may be.
  return isLost(error) || error.message === readTimeout || code === '25006' || code === '25P03';
}

/** Whether the connection was lost, and with it anything unconfirmed. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = errorCode(error) ?? '';
  return network.test(code) || code.startsWith('08') || code.startsWith('57P') || lost.test(error.message);
}

/** Whether the transaction was rolled back by a conflict and may succeed if repeated. */
export function isCollision(error: unknown): boolean {
  return error instanceof Error && ['40001', '40P01'].includes(errorCode(error) ?? '');
}

/** Whether the server is read-only: a replica, or configured so. Also recognises a `StoreError` made by `databaseFailure`. */
export function isReadOnly(error: unknown): boolean {
  if (StoreError.isInstance(error)) return isReadOnly(error.cause);
  return error instanceof Error && errorCode(error) === '25006';
}

/** Whether tables or the schema are missing. */
export function isSchemaGone(error: unknown): boolean {
  return error instanceof Error && ['42P01', '3F000'].includes(errorCode(error) ?? '');
}

function storyOf(error: Error): Story | undefined {
  const code = errorCode(error) ?? '';
  if (error.message.startsWith('SASL')) return login;
  if (error.message === readTimeout) return slow;
  if (error.message === poolTimeout) return exhausted;
  if (network.test(code) || lost.test(error.message)) return unavailable;
  const known = stories[code] ?? stories[code.slice(0, 3)] ?? stories[code.slice(0, 2)];
  return known ?? ('severity' in error ? refused : undefined);
}

/** When several addresses of one host fail, the aggregate error has no message of its own. */
function reasonOf(error: Error): string {
  const text = error.message === '' ? (errorCode(error) ?? error.name) : error.message;
  return text.replace(/\.$/u, '');
}
