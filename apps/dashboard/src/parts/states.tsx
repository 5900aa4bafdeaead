import type { ComponentChildren, JSX } from 'preact';

/** Placeholder while something is loading. */
export function Loading({ lines = 3 }: { readonly lines?: number }): JSX.Element {
  return (
    <div class="loading-lines" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, line) => (
        <p key={line} class="ghost-line" />
      ))}
    </div>
  );
}

interface EmptyProps {
  readonly title: string;
  /** How to create the first content. */
  readonly children?: ComponentChildren;
}

/** Placeholder for an empty list. */
export function Empty({ title, children }: EmptyProps): JSX.Element {
  return (
    <div class="notice">
      <h3>{title}</h3>
      {children}
    </div>
  );
}

interface FailureProps {
  /** For people, with what to do next: the message of an `ApiError`. */
  readonly problem: string;
  readonly action?: string;
  readonly onAction?: () => void;
}

/** Something could not be loaded or done. */
export function Failure({ problem, action, onAction }: FailureProps): JSX.Element {
  return (
    <div class="banner" role="alert">
      <p>{problem}</p>
      {action !== undefined && (
        <button type="button" onClick={onAction}>
          {action}
        </button>
      )}
    </div>
  );
}
