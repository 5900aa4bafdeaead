import type { ComponentChildren, JSX } from 'preact';

export interface FigureText {
  readonly name: string;
  readonly value: ComponentChildren;
  /** One line below. */
  readonly detail?: string | undefined;
  readonly isBad?: boolean;
}

/** A few figures side by side, to be read at a glance. */
export function Figures({
  label,
  figures,
}: {
  readonly label: string;
  readonly figures: readonly FigureText[];
}): JSX.Element {
  return (
    <dl class="glance" aria-label={label}>
      {figures.map(({ name, value, detail, isBad = false }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class={isBad ? 'glance-value bad' : 'glance-value'}>{value}</dd>
          {detail !== undefined && <dd class="detail">{detail}</dd>}
        </div>
      ))}
    </dl>
  );
}
