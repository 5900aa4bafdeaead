import type { ComponentChildren, JSX } from 'preact';

interface GaugeProps {
  readonly label: string;
  readonly value: number;
  /** Absent if there is no bound; then no bar is shown. */
  readonly max?: number | undefined;
  /** The figure in words: `3 of 10`. */
  readonly children: ComponentChildren;
  /** Share from which it is shown as nearly used up. Default: never. */
  readonly warnFrom?: number;
}

/** How much of something is used. */
export function Gauge({ label, value, max, children, warnFrom }: GaugeProps): JSX.Element {
  const isHigh = max !== undefined && warnFrom !== undefined && value >= max * warnFrom;
  return (
    <div class={isHigh ? 'gauge high' : 'gauge'}>
      <p class="gauge-line">
        <span>{label}</span>
        <span class="gauge-value">{children}</span>
      </p>
      {max !== undefined && <meter min={0} max={max} value={Math.min(value, max)} aria-label={label} />}
    </div>
  );
}
