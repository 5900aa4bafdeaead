import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { asApiError } from '../connection/use-loaded.js';
import { Dialog } from './dialog.js';
import { Failure } from './states.js';

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
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const confirm = (): void => {
    setBusy(true);
    setProblem(null);
    onConfirm().then(onClose, (error: unknown) => {
      setBusy(false);
      setProblem(asApiError(error).message);
    });
  };
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      {problem !== null && <Failure problem={problem} />}
      <div class="actions">
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        <button type="button" class="danger" onClick={confirm} disabled={isBusy}>
          {action}
        </button>
      </div>
    </Dialog>
  );
}
