import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useSubmission } from '../../connection/use-submission.js';
import { Field } from '../../parts/field.js';
import { FormActions } from '../../parts/form-actions.js';

interface TextFormProps {
  readonly label: string;
  readonly text: string;
  readonly hint: string;
  /** Saves the text. If it rejects, the form stays and shows the error. */
  readonly onSave: (text: string) => Promise<void>;
  readonly onCancel: () => void;
}

/** A form to edit a long text. */
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
