import type { JSX } from 'preact';
import type { StageStatus, StageStatusName } from '../../api/projects.js';
import { Badge, type Tone } from '../../parts/badge.js';

const states: Readonly<Record<StageStatusName, { readonly tone: Tone; readonly label: string }>> = {
  'not-started': { tone: 'plain', label: 'not started' },
  partial: { tone: 'warn', label: 'interrupted' },
  failed: { tone: 'bad', label: 'failed' },
  running: { tone: 'info', label: 'running' },
  stale: { tone: 'warn', label: 'stale' },
  done: { tone: 'good', label: 'done' },
};

/** The status of a stage, with the reasons on hover. */
export function StageBadge({ status, why }: Pick<StageStatus, 'status' | 'why'>): JSX.Element {
  const { tone, label } = states[status];
  return (
    <Badge tone={tone} {...(why.length === 0 ? {} : { title: `${why.join('; ')}.` })}>
      {label}
    </Badge>
  );
}

/** Clauses as a sentence. */
export function sentenceOf(clauses: readonly string[]): string {
  const text = clauses.join('; ');
  return text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
