import type { ComponentChildren, JSX, TargetedSubmitEvent } from 'preact';
import { useSubmission } from '../connection/use-submission.js';
import { Dialog } from './dialog.js';
import { FormActions } from './form-actions.js';

interface FormDialogProps {
  readonly title: string;
  /** Label of the submit button. */
  readonly action: string;
  /** `given` returns the trimmed value of a field by name. If the promise rejects, the error is shown. */
  readonly onSubmit: (given: (name: string) => string) => Promise<void>;
  readonly onClose: () => void;
  /** The fields. */
  readonly children: ComponentChildren;
}

/** A dialog with a form, submitted once at a time, that stays open with the reason if it is refused. */
export function FormDialog({ title, action, onSubmit, onClose, children }: FormDialogProps): JSX.Element {
  const { isBusy, problem, send } = useSubmission();
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    send(() => onSubmit((name) => String(form.get(name) ?? '').trim()));
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="form" onSubmit={submit}>
        {children}
        <FormActions problem={problem} onCancel={onClose}>
          <button type="submit" class="primary" disabled={isBusy}>
            {action}
          </button>
        </FormActions>
      </form>
    </Dialog>
  );
}
