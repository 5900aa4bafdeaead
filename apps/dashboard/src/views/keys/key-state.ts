import type { ListedKey } from '../../api/keys.js';
import type { Tone } from '../../parts/badge.js';

export interface KeyState {
  readonly label: 'in use' | 'budget used up' | 'expired' | 'revoked';
  readonly tone: Tone;
  /** Whether it can be used, apart from an exhausted budget. */
  readonly isInUse: boolean;
}

export function stateOf({ revokedAt, expiresAt, budget, spending }: ListedKey, now: number): KeyState {
  if (revokedAt !== undefined) return { label: 'revoked', tone: 'plain', isInUse: false };
  if (expiresAt !== undefined && expiresAt <= now) return { label: 'expired', tone: 'warn', isInUse: false };
  if (budget !== undefined && (spending?.spentUsd ?? 0) >= budget.usd)
    return { label: 'budget used up', tone: 'bad', isInUse: true };
  return { label: 'in use', tone: 'good', isInUse: true };
}
