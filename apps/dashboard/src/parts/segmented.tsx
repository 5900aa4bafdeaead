import type { JSX } from 'preact';

interface SegmentedProps<T extends string> {
  readonly legend: string;
  readonly name: string;
  readonly value: T;
  readonly choices: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
}

/** A choice among a few options. Uses radio buttons, for arrow keys and screen readers. */
export function Segmented<T extends string>(props: SegmentedProps<T>): JSX.Element {
  const { legend, name, value, choices, onChange } = props;
  return (
    <fieldset class="segmented">
      <legend class="unseen">{legend}</legend>
      {choices.map((choice) => (
        <label key={choice.value}>
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          <span>{choice.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
