import type { JSX, TargetedSubmitEvent } from 'preact';
import type { RunCache, RunSettings } from '../../../api/stages.js';
import { Field } from '../../../parts/field.js';

interface RunFormProps {
  /** Label of the button. */
  readonly action: string;
  readonly isDisabled?: boolean;
  readonly onRun: (settings: RunSettings) => void;
}

const caches: readonly { readonly value: RunCache; readonly label: string }[] = [
  { value: 'default', label: 'Use it' },
  { value: 'refresh', label: 'Ask again, store the answer' },
  { value: 'bypass', label: 'Ask again, store nothing' },
  { value: 'only-if-cached', label: 'Only from the cache' },
];

/** Starts a run with optional settings, which are kept with the stages, as on the command line. */
export function RunForm({ action, isDisabled = false, onRun }: RunFormProps): JSX.Element {
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    onRun(readSettings(new FormData(event.currentTarget)));
  };
  return (
    <form class="run-form" onSubmit={submit}>
      <details>
        <summary>Settings of the run</summary>
        <div class="fields">
          <Field label="Model" hint="Empty: as configured.">
            {(input) => <input {...input} name="model" type="text" autoComplete="off" spellcheck={false} />}
          </Field>
          <Field label="Cache">
            {(input) => (
              <select {...input} name="cache">
                {caches.map(({ value, label }) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label="Max tokens" hint="Of each answer.">
            {(input) => <input {...input} name="maxTokens" type="number" min={1} step={1} />}
          </Field>
          <Field label="Temperature">
            {(input) => <input {...input} name="temperature" type="number" min={0} max={2} step="any" />}
          </Field>
          <Field label="Maximum cost" hint="US dollars; never exceeded.">
            {(input) => <input {...input} name="maxCost" type="number" min={0.000001} step="any" />}
          </Field>
        </div>
      </details>
      <button type="submit" class="primary" disabled={isDisabled}>
        {action}
      </button>
    </form>
  );
}

function readSettings(form: FormData): RunSettings {
  const text = (name: string): string => String(form.get(name) ?? '').trim();
  const number = <Name extends string>(name: Name): { [Key in Name]?: number } =>
    (text(name) === '' ? {} : { [name]: Number(text(name)) }) as { [Key in Name]?: number };
  const model = text('model');
  const cache = caches.find(({ value }) => value === text('cache'))?.value ?? 'default';
  return {
    ...(model === '' ? {} : { model }),
    ...number('maxTokens'),
    ...number('temperature'),
    ...number('maxCost'),
    ...(cache === 'default' ? {} : { cache }),
  };
}
