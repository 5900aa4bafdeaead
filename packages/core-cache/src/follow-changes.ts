import type { StoreChanges } from './store.js';
import type { Tier } from './tier.js';

/**
 * Brings the tiers above one that others have changed up to date with it: a disk under a shared tier would go on serving
 * what another machine has replaced. What several processes keep on one disk is compared before it is touched, so that
 * each other's writes stay.
 */
export async function followChanges(
  { keys, clears }: StoreChanges,
  source: Tier,
  above: readonly Tier[],
): Promise<void> {
  for (const { namespace, tag } of clears) await Promise.all(above.map((tier) => tier.clear(namespace, tag)));
  for (const { namespace, key } of keys) {
    for (const tier of above) await follow(namespace, key, source, tier);
  }
}

async function follow(namespace: string, key: string, source: Tier, tier: Tier): Promise<void> {
  const kept = await tier.get(namespace, key, false);
  if (typeof kept === 'string') return;
  const current = await source.get(namespace, key, false);
  // What is known to have changed is not kept, also when the change itself cannot be had.
  if (typeof current === 'string') await tier.delete(namespace, key);
  else if (current.createdAt !== kept.createdAt) await tier.set(namespace, key, current, {});
}
