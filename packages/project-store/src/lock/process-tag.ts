import { hash } from 'node:crypto';
import { describeSelf, type OwnerState, processState } from './lock-owner.js';

/*
 * The name of a temporary file tells which process writes it, so that nobody has to wait to know whether it is still
 * at work: `SCOPE-PID-STAMP`, see `LockOwner`; the scope as a short hash, the numbers in base 36.
 */
const shape = /^([0-9a-f]{8})-([0-9a-z]+)-([0-9a-z]+)$/u;

let own: Promise<string> | undefined;

/** The tag of this process. */
export function processTag(): Promise<string> {
  own ??= describeSelf('', 0).then(({ scope, pid, stamp }) => {
    // No process starts at the boot itself, so 0 can stand for an unknown start.
    return [scopeHash(scope), pid.toString(36), Number(stamp ?? 0).toString(36)].join('-');
  });
  return own;
}

/** Whether the process with a tag lives: `unknown` for one on another machine, and for what is no tag. */
export async function tagState(tag: string): Promise<OwnerState> {
  const [, scope, pid = '', stamp = ''] = shape.exec(tag) ?? [];
  if (scope === undefined || !(await processTag()).startsWith(`${scope}-`)) return 'unknown';
  const ticks = Number.parseInt(stamp, 36);
  return processState(Number.parseInt(pid, 36), ticks === 0 ? undefined : String(ticks));
}

function scopeHash(scope: string): string {
  return hash('sha256', scope, 'hex').slice(0, 8);
}
