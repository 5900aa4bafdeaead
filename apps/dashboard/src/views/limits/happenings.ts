import type { LimitsReport } from '../../api/limits.js';
import { formatDuration } from '../../format/format.js';
import { nameOf, providerOfCircuit } from './providers.js';

export type HappeningKind = 'rate-limited' | 'waited' | 'refused' | 'circuit';

/** An event of the history of limits or circuits. */
export interface Happening {
  readonly id: string;
  /** Epoch, ms. */
  readonly at: number;
  readonly kind: HappeningKind;
  readonly provider: string;
  /** Null for an event of the provider as a whole. */
  readonly model: string | null;
  /** How long it took or will take; null if unknown. */
  readonly lastedMs: number | null;
  /** In words. */
  readonly text: string;
  readonly isBad: boolean;
}

/** Newest first. */
export function happeningsOf({ history }: LimitsReport): readonly Happening[] {
  const ofLimits = history.limits.map((event, index): Happening => {
    const base = { id: `limit ${event.at} ${event.key} ${index}`, at: event.at, ...nameOf(event.key) };
    if (event.kind === 'waited') {
      const lastedMs = event.waitedMs;
      const text = `Waited ${formatDuration(lastedMs)} for its turn`;
      return { ...base, kind: 'waited', lastedMs, text, isBad: false };
    }
    if (event.kind === 'rate-limited') {
      const asked =
        event.retryAfterMs === undefined
          ? 'named no time'
          : `asked for ${formatDuration(event.retryAfterMs)}`;
      const text = `The provider answered 429 and ${asked}; paused for ${formatDuration(event.pauseMs)}`;
      return { ...base, kind: 'rate-limited', lastedMs: event.pauseMs, text, isBad: true };
    }
    const again = event.retryAfterMs;
    const text = `Refused here: ${event.code}${again === undefined ? '' : `, to come again in ${formatDuration(again)}`}`;
    return { ...base, kind: 'refused', lastedMs: again ?? null, text, isBad: true };
  });
  const ofCircuits = history.circuits.map(
    ({ at, key, state }, index): Happening => ({
      id: `circuit ${at} ${key} ${index}`,
      at,
      kind: 'circuit',
      provider: providerOfCircuit(key),
      model: null,
      lastedMs: null,
      text: circuitTexts[state],
      isBad: state === 'open',
    }),
  );
  return [...ofLimits, ...ofCircuits].sort((a, b) => b.at - a.at);
}

const circuitTexts = {
  open: 'The circuit opened: too many calls failed',
  'half-open': 'The circuit lets one test call through',
  closed: 'The circuit closed: calls go through again',
} as const;

const minute = 60_000;
const spansMs = [5 * minute, 15 * minute, 60 * minute, 6 * 60 * minute, 24 * 60 * minute];

/** The shortest round span that covers all events, ms; those older than a day are not drawn. */
export function spanOf(happenings: readonly Happening[], now: number): number {
  const oldest = Math.max(0, ...happenings.map(({ at }) => now - at));
  return spansMs.find((span) => oldest <= span) ?? 24 * 60 * minute;
}
