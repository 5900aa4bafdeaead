import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useSubmission } from '../../connection/use-submission.js';
import { Field } from '../../parts/field.js';
import { FormActions } from '../../parts/form-actions.js';

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
  const { isBusy, problem, send } = useSubmission();
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => form.current?.querySelector('textarea')?.focus(), []);
  const submit = (event: Event): void => {
    event.preventDefault();
    send(() => onSave(draft));
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
      <FormActions problem={problem} onCancel={onCancel}>
        <button type="submit" class="primary" disabled={isBusy || draft === text}>
          Save
        </button>
      </FormActions>
    </form>
  );
}
