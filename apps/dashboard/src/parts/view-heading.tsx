import type { ComponentChildren, JSX } from 'preact';

interface ViewHeadingProps {
  readonly title: string;
  /** Beside the title, in smaller type. */
  readonly detail?: string | undefined;
  /** On the opposite side: actions of the view as a whole. */
  readonly children?: ComponentChildren;
}

/** The head of a view. Gets the focus when the view opens, so each view has exactly one. */
export function ViewHeading({ title, detail, children }: ViewHeadingProps): JSX.Element {
  return (
    <div class="heading">
      <div class="heading-text">
        <h2 tabIndex={-1}>{title}</h2>
        {detail !== undefined && <p class="detail">{detail}</p>}
      </div>
      {children}
    </div>
  );
}
