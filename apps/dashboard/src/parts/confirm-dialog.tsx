import type { ComponentChildren, JSX } from 'preact';
import { useSubmission } from '../connection/use-submission.js';
import { Dialog } from './dialog.js';
import { FormActions } from './form-actions.js';

interface ConfirmDialogProps {
  readonly title: string;
  /** What it does, on the button: `Revoke the key`. */
  readonly action: string;
  /** Does it. What it fails with is shown, and the dialog stays. */
  readonly onConfirm: () => Promise<void>;
  /** It was left, or done. */
  readonly onClose: () => void;
  /** What will be lost. */
  readonly children: ComponentChildren;
}

/** Asks before something is done that cannot be undone. */
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
