import type { ExchangeRequest } from '../exchange.js';
import { KnownWords } from '../known-words.js';
import type { Scope } from './key.js';

/** Prefix of the tag that identifies the owner of a stored answer: a tenant, or a pool of several. */
export const tenantTag = 'tenant:';

const tenants = new KnownWords((tenant) => tenantTag + tenant);
const surfaces = new KnownWords((surface) => `surface:${surface}`);
const models = new KnownWords((model) => `model:${model}`);

/** The tags of a stored answer, as used by `clear({ tag })` of the cache. The strings are shared between answers to save memory. */
export function tagsOf(model: string, scope: Scope, labels: ExchangeRequest['labels']): string[] {
  const tags = [models.get(model), tenants.get(scope.tenant), surfaces.get(scope.surface)];
  if (scope.namespace !== null) tags.push(`namespace:${scope.namespace}`);
  for (const name in labels) tags.push(`${name}:${labels[name]}`);
  return tags;
}
