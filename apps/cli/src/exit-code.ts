import { Interrupted } from './interrupt.js';

/** Exit codes as listed in the manual. */
export const exitCode = {
  done: 0,
  failure: 1,
  usage: 2,
  notFound: 3,
  authentication: 4,
  provider: 5,
  limit: 6,
  dependencyUnmet: 7,
  interrupted: 130,
} as const;

/** Exit codes of specific error codes. Matched by name, so that no package is loaded just for its errors. */
const ofCode: Readonly<Record<string, number>> = {
  AI_CASSETTES_UNAVAILABLE: exitCode.failure,
  AI_CASSETTE_INVALID: exitCode.failure,
  AI_NOT_CACHED: exitCode.notFound,
  AI_REQUEST_INVALID: exitCode.usage,
  CHAT_NOT_FOUND: exitCode.notFound,
  CONFIG_NOT_FOUND: exitCode.notFound,
  CONFIG_NO_PROVIDER: exitCode.notFound,
  CONFIG_PROFILE_UNKNOWN: exitCode.notFound,
  CONFIG_SECRET_SHOWN: exitCode.usage,
  CONFIG_SETTING_UNKNOWN: exitCode.usage,
  CONFIG_SETTING_UNSET: exitCode.notFound,
  FILE_NOT_FOUND: exitCode.notFound,
  KEYS_AMBIGUOUS: exitCode.usage,
  KEYS_NOT_FOUND: exitCode.notFound,
  PLAN_BATCH_INVALID: exitCode.usage,
  PLAN_BATCH_NOT_FOUND: exitCode.notFound,
  PLAN_BUDGET_EXCEEDED: exitCode.limit,
  PLAN_BUDGET_UNPRICED: exitCode.limit,
  PLAN_DEPENDENCY_UNMET: exitCode.dependencyUnmet,
  PLAN_IMPORT_NOT_FOUND: exitCode.notFound,
  PLAN_STAGE_UNKNOWN: exitCode.notFound,
  PLAN_TEMPLATE_NOT_FOUND: exitCode.notFound,
  STORE_NAME_INVALID: exitCode.usage,
  STORE_PROJECT_AMBIGUOUS: exitCode.usage,
  STORE_PROJECT_NOT_FOUND: exitCode.notFound,
  STORE_REVISION_NOT_FOUND: exitCode.notFound,
};

/** The exit code for an error. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Interrupted) return exitCode.interrupted;
  if (error instanceof TypeError || error instanceof RangeError) return exitCode.usage;
  const code = propertyOf(error, 'code');
  if (typeof code !== 'string') return exitCode.failure;
  const own = ofCode[code];
  if (own !== undefined) return own;
  if (code.startsWith('LIMIT_')) return exitCode.limit;
  return code.startsWith('AI_') ? ofProvider(propertyOf(error, 'status')) : exitCode.failure;
}

function ofProvider(status: unknown): number {
  if (status === 401 || status === 403) return exitCode.authentication;
  return status === 429 ? exitCode.limit : exitCode.provider;
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
