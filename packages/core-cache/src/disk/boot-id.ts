import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

/** Boot times computed from the uptime vary with rounding and clock corrections. */
const ROUND_TO_MS = 60_000;

let known: string | undefined;

/** Identifies the current boot of the machine. */
export function bootId(): string {
  known ??= readBootId();
  return known;
}

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    // Not Linux.
    return `boot-${Math.round((Date.now() - uptime() * 1000) / ROUND_TO_MS)}`;
  }
}
