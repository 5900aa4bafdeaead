import type { JSX } from 'preact';
import type { LedgerCall } from '../../api/usage.js';
import { formatUsd, nothing } from '../../format/format.js';
import { outcomeNamed, type Source } from '../../format/outcome.js';
import { Badge, type Tone } from '../../parts/badge.js';
import type { Attempt } from './attempt.js';

const tones: Readonly<Record<Source, Tone>> = {
  cached: 'good',
  joined: 'info',
  asked: 'warn',
  failed: 'bad',
};

export const stateTexts: Readonly<Record<Attempt['state'], string>> = {
  waiting: 'Waiting for the first byte…',
  streaming: 'Streaming…',
  done: 'Done',
  failed: 'Failed',
  stopped: 'Stopped',
};

/** How the cache answered, as reported by the server. */
export function OutcomeBadge({
  attempt: { head, state },
}: {
  readonly attempt: Attempt;
}): JSX.Element | null {
  if (head === null || head.cache === null)
    return state === 'failed' ? <Badge tone="bad">{head?.status ?? 'failed'}</Badge> : null;
  const { source, title } = outcomeNamed(head.cache);
  return (
    <Badge tone={head.status >= 400 ? 'bad' : tones[source]} title={title}>
      {head.cache.toUpperCase()}
    </Badge>
  );
}

/** The cost from the ledger, otherwise from the answer; unknown for a stream in progress. */
export function costOf({ costUsd, state }: Attempt, call: LedgerCall | undefined): string {
  if (call !== undefined) return formatUsd(call.billedUsd);
  if (costUsd !== null) return formatUsd(costUsd);
  return state === 'waiting' || state === 'streaming' ? nothing : 'unknown';
}
