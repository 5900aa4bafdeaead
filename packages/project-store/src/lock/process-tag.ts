import { hash } from 'node:crypto';
import { describeSelf, type OwnerState, processState } from './lock-owner.js';

/*
 * Temporary file names include a tag of the writing process, so that whether it is still alive can be checked at once:
 * `SCOPE-PID-STAMP`, see `LockOwner`, with the scope as a short hash and the numbers in base 36.
 */
const shape = /^([0-9a-f]{8})-([1-9a-z][0-9a-z]*)-(0|[1-9a-z][0-9a-z]*)$/u;

let own: Promise<string> | undefined;

/** The tag of this process. */
export function processTag(): Promise<string> {
  own ??= describeSelf('', 0).then(({ scope, pid, stamp }) => {
    // No process starts at boot itself, so 0 can stand for an unknown start time.
    return [scopeHash(scope), pid.toString(36), Number(stamp ?? 0).toString(36)].join('-');
  });
  return own;
}

/** Whether the process with a tag is alive: `unknown` on another machine. Undefined if `tag` is none. */
export async function tagState(tag: string): Promise<OwnerState | undefined> {
  const [, scope, pid = '', stamp = ''] = shape.exec(tag) ?? [];
  if (scope === undefined) return undefined;
  if (!(await processTag()).startsWith(`${scope}-`)) return 'unknown';
  const ticks = Number.parseInt(stamp, 36);
  return processState(Number.parseInt(pid, 36), ticks === 0 ? undefined : String(ticks));
}

function scopeHash(scope: string): string {
  return hash('sha256', scope, 'hex').slice(0, 8);
}
