import type { ComponentChildren, JSX } from 'preact';
import { Failure } from './states.js';

interface FormActionsProps {
  /** Why it was refused; null when it was not. */
  readonly problem: string | null;
  readonly onCancel: () => void;
  /** The button that does it. */
  readonly children: ComponentChildren;
}

/** The end of what asks for something: what is wrong with it, the way out, and the way on. */
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
