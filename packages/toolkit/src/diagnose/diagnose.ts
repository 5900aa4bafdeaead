import type { Toolkit } from '../toolkit.js';
import { diagnoseCache } from './cache.js';
import type { Diagnosis } from './diagnosis.js';
import { diagnoseLedger } from './ledger.js';
import { diagnoseProjects } from './projects.js';
import { diagnoseProviders } from './providers.js';
import { diagnoseWritable } from './writable.js';

/** Looks at every part that a command may need. Never fails: what cannot be looked at is a failure in the list. */
export async function diagnose(toolkit: Toolkit): Promise<readonly Diagnosis[]> {
  const parts = await Promise.all([
    diagnoseWritable(toolkit.paths),
    diagnoseProviders(toolkit),
    diagnoseCache(toolkit),
    diagnoseLedger(toolkit),
    diagnoseProjects(toolkit),
  ]);
  return parts.flat();
}
