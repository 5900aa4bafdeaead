import type { Toolkit } from '../toolkit.js';
import { type Diagnosis, failure, ok } from './diagnosis.js';

/** Checks the usage ledger by reading it. */
export async function diagnoseLedger(toolkit: Toolkit): Promise<Diagnosis> {
  const ledger = await toolkit.ledger();
  await ledger.report();
  const { path, problem, setAside } = ledger.status();
  if (problem !== null) return failure('usage ledger', problem.message, problem.hint);
  return ok(
    'usage ledger',
    setAside.length === 0 ? path : `${path}; damaged files kept: ${setAside.join(', ')}`,
  );
}
