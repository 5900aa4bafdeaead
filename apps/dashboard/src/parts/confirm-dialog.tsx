import type { ComponentChildren, JSX } from 'preact';
import { useSubmission } from '../connection/use-submission.js';
import { Dialog } from './dialog.js';
import { FormActions } from './form-actions.js';

interface ConfirmDialogProps {
  readonly title: string;
  /** Label of the button: `Revoke the key`. */
  readonly action: string;
  /** Performs the action. If it rejects, the dialog stays and shows the error. */
  readonly onConfirm: () => Promise<void>;
  /** Called when the dialog was cancelled, or the action done. */
  readonly onClose: () => void;
  /** What will be lost. */
  readonly children: ComponentChildren;
}

/** Asks for confirmation of an irreversible action. */
export function ConfirmDialog(props: ConfirmDialogProps): JSX.Element {
  const { title, action, onConfirm, onClose, children } = props;
  const { isBusy, problem, send } = useSubmission();
  const confirm = (): void => send(() => onConfirm().then(onClose));
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      <FormActions problem={problem} onCancel={onClose}>
        <button type="button" class="danger" onClick={confirm} disabled={isBusy}>
          {action}
        </button>
      </FormActions>
    </Dialog>
  );
}
