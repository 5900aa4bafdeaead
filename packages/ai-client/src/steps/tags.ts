import type { ExchangeRequest } from '../exchange.js';
import { KnownWords } from '../known-words.js';
import type { Scope } from './key.js';

/** Begins the tag of each stored answer that tells whose it is: a tenant's, or a pool's of several. */
export const tenantTag = 'tenant:';

const tenants = new KnownWords((tenant) => tenantTag + tenant);
const surfaces = new KnownWords((surface) => `surface:${surface}`);
const models = new KnownWords((model) => `model:${model}`);

/** The tags of a stored answer: what `clear({ tag })` of the cache can name. Each is one string for all answers, which keep it for long. */
export function tagsOf(model: string, scope: Scope, labels: ExchangeRequest['labels']): string[] {
  const tags = [models.get(model), tenants.get(scope.tenant), surfaces.get(scope.surface)];
  if (scope.namespace !== null) tags.push(`namespace:${scope.namespace}`);
  for (const name in labels) tags.push(`${name}:${labels[name]}`);
  return tags;
}
