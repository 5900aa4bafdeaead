import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Surface } from '../../api/cache.js';
import type { ExplainRequest } from '../../api/explain.js';
import { surfaceChoices } from '../../format/surfaces.js';
import { Field } from '../../parts/field.js';
import { Segmented } from '../../parts/segmented.js';
import { readExplainForm, type Versus } from './explain-request.js';

const versusChoices: readonly { readonly value: Versus; readonly label: string }[] = [
  { value: 'nearest', label: 'The nearest stored one' },
  { value: 'request', label: 'A second request' },
  { value: 'key', label: 'A stored answer' },
  { value: 'nothing', label: 'Nothing' },
];

const example = '{"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "…"}]}';

interface ExplainFormProps {
  /** Key to compare with, if the page was opened from a stored answer. */
  readonly against: string | null;
  readonly isBusy: boolean;
  readonly onExplain: (request: ExplainRequest) => void;
}

export function ExplainForm({ against, isBusy, onExplain }: ExplainFormProps): JSX.Element {
  const [surface, setSurface] = useState<Surface>('chat');
  const [tenant, setTenant] = useState('');
  const [first, setFirst] = useState('');
  const [second, setSecond] = useState('');
  const [key, setKey] = useState(against ?? '');
  const [versus, setVersus] = useState<Versus>(against === null ? 'nearest' : 'key');
  const [errors, setErrors] = useState<ReturnType<typeof readExplainForm>['errors']>({});
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const { request, errors: found } = readExplainForm({ surface, tenant, first, second, key, versus });
    setErrors(found);
    if (request !== null) onExplain(request);
  };
  return (
    <form class="panel explain-form" onSubmit={submit} noValidate>
      <div class="explain-where">
        <Field label="Surface">
          {(input) => (
            <select
              {...input}
              value={surface}
              onChange={(event) => setSurface(event.currentTarget.value as Surface)}
            >
              {surfaceChoices.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Tenant" hint="Whose request it is. Empty: default.">
          {(input) => (
            <input
              {...input}
              type="text"
              value={tenant}
              placeholder="default"
              onInput={(event) => setTenant(event.currentTarget.value)}
            />
          )}
        </Field>
      </div>
      <BodyField label="Body of the request" text={first} error={errors.first} onText={setFirst} />
      <div class="explain-versus">
        <p aria-hidden="true">Compare with</p>
        <Segmented
          legend="Compare with"
          name="versus"
          value={versus}
          choices={versusChoices}
          onChange={setVersus}
        />
      </div>
      {versus === 'request' && (
        <BodyField
          label="Body of the second request"
          text={second}
          error={errors.second}
          onText={setSecond}
        />
      )}
      {versus === 'key' && (
        <Field label="Key of the stored answer" error={errors.key ?? null}>
          {(input) => (
            <input
              {...input}
              type="text"
              class="path"
              value={key}
              onInput={(event) => setKey(event.currentTarget.value)}
            />
          )}
        </Field>
      )}
      <div class="actions">
        <button type="submit" class="primary" disabled={isBusy}>
          {isBusy ? 'Looking' : 'Explain'}
        </button>
      </div>
    </form>
  );
}

interface BodyFieldProps {
  readonly label: string;
  readonly text: string;
  readonly error: string | undefined;
  readonly onText: (text: string) => void;
}

function BodyField({ label, text, error, onText }: BodyFieldProps): JSX.Element {
  return (
    <Field label={label} hint="The JSON that a client sends." error={error ?? null}>
      {(input) => (
        <textarea
          {...input}
          class="path"
          rows={7}
          spellcheck={false}
          value={text}
          placeholder={example}
          onInput={(event) => onText(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
