import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Field } from '../../parts/field.js';
import { hrefOf } from '../../routing/route.js';

interface KeyPanelProps {
  /** Empty if there is none. */
  readonly gatewayKey: string;
  readonly isRequired: boolean;
  /** Why the models of this key could not be loaded. */
  readonly problem: string | null;
  readonly onChange: (key: string) => void;
}

/** Asks for the gateway key to call models with, which is held only in the memory of the page. */
export function KeyPanel({ gatewayKey, isRequired, problem, onChange }: KeyPanelProps): JSX.Element {
  const [draft, setDraft] = useState('');
  const submit = (event: Event): void => {
    event.preventDefault();
    onChange(draft);
    setDraft('');
  };
  if (gatewayKey !== '' && problem === null) {
    return (
      <section class="panel key-panel" aria-label="Key">
        <p>
          Models are asked with the key <code>{`${gatewayKey.slice(0, 6)}…`}</code>
        </p>
        <button type="button" onClick={() => onChange('')}>
          Forget it
        </button>
      </section>
    );
  }
  return (
    <form class="panel key-panel" aria-label="Key" onSubmit={submit}>
      <Field
        label={isRequired ? 'Gateway key' : 'Gateway key (not needed here)'}
        hint="Models are called on behalf of a key, with its limits, budget and tenant. The key stays in this page's memory."
        error={problem}
      >
        {(input) => (
          <input
            {...input}
            type="password"
            autoComplete="off"
            placeholder="ait-…"
            value={draft}
            onInput={(event) => setDraft(event.currentTarget.value)}
          />
        )}
      </Field>
      <button type="submit" class={isRequired ? 'primary' : undefined} disabled={draft.trim() === ''}>
        Use the key
      </button>
      {isRequired && (
        <p class="detail">
          <a href={hrefOf('keys')}>Keys</a> shows those that there are, and makes new ones.
        </p>
      )}
    </form>
  );
}
