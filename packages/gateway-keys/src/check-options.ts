import { checkNames, show } from './check.js';
import type { CreateKeyOptions, GatewayKey, KeyBudget } from './gateway-key.js';

type Settings = Omit<GatewayKey, 'id' | 'createdAt' | 'revokedAt'>;

const wordForm = /^[\w.-]{1,64}$/;
const maxModels = 100;

/** Epoch, ms: a key that expires ends before this, so that every end is a date that can be shown. */
export const expiryBound: number = Date.UTC(9999, 0);

const knownOptions: Record<keyof CreateKeyOptions, true> = {
  name: true,
  role: true,
  tenant: true,
  models: true,
  requestsPerMinute: true,
  tokensPerMinute: true,
  budget: true,
  sharedCache: true,
  expiresAt: true,
};

/** Validates the options of a new key and fills in the defaults. Throws a `TypeError` or `RangeError` that names the invalid one. */
export function checkedSettings(options: CreateKeyOptions, now: number): Settings {
  checkNames('create', options, knownOptions);
  const { name, role = 'gateway', tenant = 'default', models = ['*'] } = options;
  const { requestsPerMinute, tokensPerMinute, sharedCache, expiresAt } = options;
  if (typeof name !== 'string' || name.trim() === '' || name.length > 100 || hasControls(name))
    throw new TypeError(`name must be 1 to 100 characters, got ${show(name)}`);
  if (role !== 'gateway' && role !== 'admin')
    throw new TypeError(`role must be 'gateway' or 'admin', got ${show(role)}`);
  checkWord('tenant', tenant);
  if (sharedCache !== undefined) checkWord('sharedCache', sharedCache);
  checkModels(models);
  if (requestsPerMinute !== undefined) checkCount('requestsPerMinute', requestsPerMinute);
  if (tokensPerMinute !== undefined) checkCount('tokensPerMinute', tokensPerMinute);
  if (expiresAt !== undefined && !(Number.isSafeInteger(expiresAt) && expiresAt > now))
    throw new RangeError(`expiresAt must be an epoch in ms to come, got ${show(expiresAt)}`);
  if (expiresAt !== undefined && expiresAt >= expiryBound)
    throw new RangeError(`expiresAt must be before the year 9999, got ${show(expiresAt)}`);
  const limited = requestsPerMinute ?? tokensPerMinute ?? options.budget ?? sharedCache ?? options.models;
  if (role === 'admin' && limited !== undefined)
    throw new TypeError('an admin key asks no model: it takes no models, limits, budget or shared cache');
  return {
    name,
    role,
    tenant,
    models: [...models],
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
    ...(tokensPerMinute === undefined ? {} : { tokensPerMinute }),
    ...(options.budget === undefined ? {} : { budget: checkedBudget(options.budget) }),
    ...(sharedCache === undefined ? {} : { sharedCache }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

function checkedBudget(budget: NonNullable<CreateKeyOptions['budget']>): KeyBudget {
  checkNames('budget', budget, { usd: true, per: true, unpriced: true });
  const { usd, per = 'month', unpriced = 'refuse' } = budget;
  if (typeof usd !== 'number' || !(usd > 0 && usd < Number.POSITIVE_INFINITY))
    throw new RangeError(`budget.usd must be above 0, got ${show(usd)}`);
  if (per !== 'day' && per !== 'month' && per !== 'total')
    throw new TypeError(`budget.per must be 'day', 'month' or 'total', got ${show(per)}`);
  if (unpriced !== 'refuse' && unpriced !== 'allow')
    throw new TypeError(`budget.unpriced must be 'refuse' or 'allow', got ${show(unpriced)}`);
  return { usd, per, unpriced };
}

function checkModels(models: readonly string[]): void {
  if (!Array.isArray(models)) throw new TypeError(`models must be an array of names, got ${show(models)}`);
  const wrong = models.find((model) => typeof model !== 'string' || model === '' || model.length > 200);
  if (wrong !== undefined)
    throw new TypeError(`models must be names of 1 to 200 characters, got ${show(wrong)}`);
  if (models.length === 0 || models.length > maxModels)
    throw new RangeError(`models must be 1 to ${maxModels} names, got ${models.length}`);
}

function checkWord(option: string, value: string): void {
  if (typeof value === 'string' && wordForm.test(value)) return;
  throw new TypeError(
    `${option} must be 1 to 64 letters, digits, dots, dashes or underscores, got ${show(value)}`,
  );
}

function checkCount(option: string, value: number): void {
  if (!(Number.isSafeInteger(value) && value >= 1))
    throw new RangeError(`${option} must be a whole number of 1 or more, got ${show(value)}`);
}

/** Control characters would let a name draw over a terminal. */
function hasControls(text: string): boolean {
  return /\p{Cc}/u.test(text);
}
