import { KeysError } from './errors.js';
import type { GatewayKey } from './gateway-key.js';
import type { KeyStore } from './key-store.js';

/** Errors for callers: one function for each reason. */

export function unavailable({ place, isShared }: KeyStore, cause: unknown): KeysError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new KeysError('KEYS_UNAVAILABLE', `The keys in ${place} cannot be used: ${reason}.`, {
    hint: isShared
      ? 'Check that it runs and can be reached; it is tried again by itself.'
      : 'Check that the folder exists, is yours and has free space. A damaged file can be deleted; its keys are then gone.',
    retryable: true,
    retryAfterMs: 1000,
    cause,
  });
}

export function closedKeyring(): KeysError {
  return new KeysError('KEYS_CLOSED', 'The keyring is closed.', { hint: 'Use it before close().' });
}

export function notFound(idOrName: string): KeysError {
  return new KeysError('KEYS_NOT_FOUND', `No key in use has the id or name ${JSON.stringify(idOrName)}.`, {
    hint: 'See the ids: ai-toolkit keys list.',
  });
}

export function ambiguous(name: string, found: readonly GatewayKey[]): KeysError {
  const ids = found.map(({ id }) => id).join(', ');
  return new KeysError('KEYS_AMBIGUOUS', `${found.length} keys have the name ${JSON.stringify(name)}.`, {
    hint: `Name one by its id: ${ids}.`,
  });
}

export function rateLimited(position: number, expectedMs: number): KeysError {
  const expectedWaitMs = Math.max(1, Math.ceil(expectedMs));
  return new KeysError(
    'KEYS_RATE_LIMITED',
    'The limit of requests or tokens a minute of this key is reached.',
    {
      hint: 'Come back after the time in Retry-After, or ask for a key with a higher limit.',
      retryable: true,
      retryAfterMs: expectedWaitMs,
      place: { position, expectedWaitMs },
    },
  );
}

export function budgetExhausted(
  { budget }: GatewayKey,
  worstUsd: number,
  leftUsd: number,
  retryAfterMs: number,
): KeysError {
  const { usd = 0, per = 'total' } = budget ?? {};
  const period = per === 'total' ? 'in all' : `a ${per}`;
  return new KeysError(
    'KEYS_BUDGET_EXHAUSTED',
    `The request could cost up to ${dollars(worstUsd)}, and the budget of this key (${dollars(usd)} ${period}) has ${dollars(leftUsd)} left.`,
    {
      hint: 'Ask for less (a lower limit of output tokens counts in full), or for a higher budget.',
      retryAfterMs,
    },
  );
}

export function unpriced({ budget }: GatewayKey): KeysError {
  return new KeysError(
    'KEYS_BUDGET_UNPRICED',
    `This key has a budget (${dollars(budget?.usd ?? 0)}), and the price of the model is not known.`,
    { hint: 'Ask another model, or use a key that lets models of unknown price through.' },
  );
}

function dollars(usd: number): string {
  return `$${usd >= 0.01 || usd === 0 ? usd.toFixed(2) : usd.toPrecision(2)}`;
}
