import type { JSX } from 'preact';
import { formatCount, formatUsd } from '../../../format/format.js';
import { Badge, type Tone } from '../../../parts/badge.js';
import { sentenceOf } from '../project-state.js';
import type { StageProgress } from './run-state.js';

const tones: Readonly<Record<StageProgress['state'], Tone>> = {
  running: 'info',
  done: 'good',
  failed: 'bad',
  skipped: 'plain',
  stopped: 'warn',
};

export function StateBadge({ state }: Pick<StageProgress, 'state'>): JSX.Element {
  return <Badge tone={tones[state]}>{state}</Badge>;
}

/** `1,204 characters`, or the tokens once known, then the cache outcome and the cost. */
export function factsOf({ state, text, why, cache, tokens, costUsd }: StageProgress): string {
  if (state === 'skipped') return sentenceOf([why]);
  const facts = [
    tokens === undefined
      ? `${formatCount(text.length)} characters`
      : `${formatCount(tokens.input)} tokens in, ${formatCount(tokens.output)} out`,
    ...(cache === undefined ? [] : [cache]),
    ...(costUsd === undefined ? [] : [formatUsd(costUsd)]),
  ];
  return facts.join(' · ');
}
