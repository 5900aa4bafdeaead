import type { ComponentChildren, JSX, TargetedSubmitEvent } from 'preact';
import { useState } from 'preact/hooks';
import { asApiError } from '../connection/use-loaded.js';
import { Dialog } from './dialog.js';
import { Failure } from './states.js';

interface FormDialogProps {
  readonly title: string;
  /** What the button says that sends it. */
  readonly action: string;
  /** `given`: what stands in a field by its name, without white space around it. What it rejects with is shown. */
  readonly onSubmit: (given: (name: string) => string) => Promise<void>;
  readonly onClose: () => void;
  /** The fields. */
  readonly children: ComponentChildren;
}

/** A dialog that asks for something, sends it once, and stays open with the reason when it is refused. */
export function FormDialog({ title, action, onSubmit, onClose, children }: FormDialogProps): JSX.Element {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    onSubmit((name) => String(form.get(name) ?? '').trim()).catch((error: unknown) => {
      setBusy(false);
      setProblem(asApiError(error).message);
    });
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="form" onSubmit={submit}>
        {children}
        {problem !== null && <Failure problem={problem} />}
        <div class="actions">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={isBusy}>
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
