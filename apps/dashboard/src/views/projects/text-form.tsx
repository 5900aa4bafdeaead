import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { asApiError } from '../../connection/use-loaded.js';
import { Field } from '../../parts/field.js';
import { Failure } from '../../parts/states.js';

interface TextFormProps {
  readonly label: string;
  readonly text: string;
  readonly hint: string;
  /** Keeps the text. What it fails with is shown, and the text stays. */
  readonly onSave: (text: string) => Promise<void>;
  readonly onCancel: () => void;
}

/** A long text to be changed. */
export function TextForm({ label, text, hint, onSave, onCancel }: TextFormProps): JSX.Element {
  const [draft, setDraft] = useState(text);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => form.current?.querySelector('textarea')?.focus(), []);
  const submit = (event: Event): void => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    onSave(draft).catch((error: unknown) => {
      setBusy(false);
      setProblem(asApiError(error).message);
    });
  };
  return (
    <form class="form text-form" ref={form} onSubmit={submit}>
      <Field label={label} hint={hint}>
        {(input) => (
          <textarea
            {...input}
            rows={20}
            required
            value={draft}
            onInput={(event) => setDraft(event.currentTarget.value)}
          />
        )}
      </Field>
      {problem !== null && <Failure problem={problem} />}
      <div class="actions">
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" class="primary" disabled={isBusy || draft === text}>
          Save
        </button>
      </div>
    </form>
  );
}
