import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Field } from './field.js';

export interface FilterField {
  /** Its name in the query of the address. */
  readonly name: string;
  readonly label: string;
  readonly placeholder?: string;
  /** Makes the field a choice; the first option, with an empty value, stands for no filter. */
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  /** Rarely used: hidden until requested, or set. */
  readonly isSeldom?: boolean;
}

interface FilterBarProps {
  readonly label: string;
  readonly fields: readonly FilterField[];
  readonly values: URLSearchParams;
  /** Called with the new query; members that are not filters are kept. */
  readonly onChange: (values: URLSearchParams) => void;
}

/** Filters of a list, stored in the address. Text fields are debounced. */
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
  // A value set elsewhere, such as by the clear button, replaces the text; a space just typed stays.
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
