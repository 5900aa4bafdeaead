import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Field } from './field.js';

export interface FilterField {
  /** As in the query of the address. */
  readonly name: string;
  readonly label: string;
  readonly placeholder?: string;
  /** Makes it a choice; the first is that of no filter, with an empty value. */
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  /** Seldom wanted: out of sight until asked for, or set. */
  readonly isSeldom?: boolean;
}

interface FilterBarProps {
  readonly label: string;
  readonly fields: readonly FilterField[];
  readonly values: URLSearchParams;
  /** All filters, those of other names left alone. */
  readonly onChange: (values: URLSearchParams) => void;
}

/** Filters of a list, kept in the address. Texts count when nobody has typed for a moment. */
export function FilterBar({ label, fields, values, onChange }: FilterBarProps): JSX.Element {
  const change = (name: string, value: string): void => {
    const changed = new URLSearchParams(values);
    if (value === '') changed.delete(name);
    else changed.set(name, value);
    onChange(changed);
  };
  const clear = (): void => {
    const changed = new URLSearchParams(values);
    for (const { name } of fields) changed.delete(name);
    onChange(changed);
  };
  const [isWhole, setWhole] = useState(false);
  const isSet = ({ name }: FilterField): boolean => (values.get(name) ?? '') !== '';
  const shown = fields.filter((field) => isWhole || !field.isSeldom || isSet(field));
  return (
    <search class="filter-bar" aria-label={label}>
      {shown.map((field) => {
        const value = values.get(field.name) ?? '';
        const set = (next: string): void => change(field.name, next);
        return field.choices === undefined ? (
          <TextFilter key={field.name} field={field} value={value} onChange={set} />
        ) : (
          <ChoiceFilter key={field.name} field={field} value={value} onChange={set} />
        );
      })}
      <div class="filter-buttons">
        {fields.some(({ isSeldom }) => isSeldom) && (
          <button type="button" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
            {isWhole ? 'Fewer filters' : 'More filters'}
          </button>
        )}
        {fields.some(isSet) && (
          <button type="button" onClick={clear}>
            Clear filters
          </button>
        )}
      </div>
    </search>
  );
}

interface FilterProps {
  readonly field: FilterField;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

const restMs = 250;

function TextFilter({ field, value, onChange }: FilterProps): JSX.Element {
  const [typed, setTyped] = useState<string | null>(null);
  const timer = useRef(0);
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => () => window.clearTimeout(timer.current), []);
  // What came from elsewhere, such as the button that clears, counts; a space that was just typed stays.
  useEffect(() => setTyped((text) => (text?.trim() === value ? text : null)), [value]);
  const type = (text: string): void => {
    setTyped(text);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => latest.current(text.trim()), restMs);
  };
  return (
    <Field label={field.label}>
      {(input) => (
        <input
          {...input}
          type="search"
          value={typed ?? value}
          placeholder={field.placeholder}
          onInput={(event) => type(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

function ChoiceFilter({ field, value, onChange }: FilterProps): JSX.Element {
  return (
    <Field label={field.label}>
      {(input) => (
        <select {...input} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          {field.choices?.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
