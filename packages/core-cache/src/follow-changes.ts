import type { StoreChanges } from './store.js';
import type { Tier } from './tier.js';

/**
 * Brings the tiers above one that others have changed up to date with it; otherwise a disk would go on serving what another machine has
 * replaced in the shared tier. Several processes may share that disk, so entries are compared before they are touched, which preserves the
 * others' writes.
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
  // What is known to have changed is dropped even if the new value cannot be read.
  if (typeof current === 'string') await tier.delete(namespace, key);
  else if (current.createdAt !== kept.createdAt) await tier.set(namespace, key, current, {});
}
