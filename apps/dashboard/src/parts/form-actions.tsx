import type { ComponentChildren, JSX } from 'preact';
import { Failure } from './states.js';

interface FormActionsProps {
  /** Why the form was refused; null if it was not. */
  readonly problem: string | null;
  readonly onCancel: () => void;
  /** The submit button. */
  readonly children: ComponentChildren;
}

/** The end of a form: the problem, if any, and the buttons to cancel and submit. */
export function FormActions({ problem, onCancel, children }: FormActionsProps): JSX.Element {
  return (
    <>
      {problem !== null && <Failure problem={problem} />}
      <div class="actions">
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
        {children}
      </div>
    </>
  );
}
