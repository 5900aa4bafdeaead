import type { JSX } from 'preact';
import { CopyButton } from './copy-button.js';

interface TextBlockProps {
  /** Name of the text, for screen readers. */
  readonly label: string;
  readonly text: string;
  /** Adds a button that copies the text. */
  readonly copyLabel?: string;
  /** Breaks long lines instead of scrolling sideways: for prose. */
  readonly wraps?: boolean;
}

/** A text shown verbatim, to read and copy. */
export function TextBlock({ label, text, copyLabel, wraps = false }: TextBlockProps): JSX.Element {
  return (
    <div class="text-block">
      {/* Focusable, so that the keyboard can scroll it. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard */}
      <section class="text-place" tabIndex={0} aria-label={label}>
        <pre class={wraps ? 'wraps' : undefined}>{text}</pre>
      </section>
      {copyLabel !== undefined && <CopyButton text={text} label={copyLabel} isPrimary />}
    </div>
  );
}
