import type { ComponentChildren, JSX } from 'preact';
import type { Source } from '../format/outcome.js';

/** `plain` is neutral. */
export type Tone = 'good' | 'info' | 'warn' | 'bad' | 'plain';

const classes: Readonly<Record<Tone, `source-${Source}` | 'badge-plain'>> = {
  good: 'source-cached',
  info: 'source-joined',
  warn: 'source-asked',
  bad: 'source-failed',
  plain: 'badge-plain',
};

interface BadgeProps {
  readonly tone: Tone;
  /** A sentence shown on hover. */
  readonly title?: string;
  readonly children: ComponentChildren;
}

/** A state in one word. */
export function Badge({ tone, title, children }: BadgeProps): JSX.Element {
  return (
    <span class={`badge ${classes[tone]}`} title={title}>
      {children}
    </span>
  );
}
