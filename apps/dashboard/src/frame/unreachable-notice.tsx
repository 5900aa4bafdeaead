import type { JSX } from 'preact';

interface NoticeProps {
  readonly problem?: string | null;
  readonly onRetry: () => void;
}

export function UnreachableNotice({ problem, onRetry }: NoticeProps): JSX.Element {
  return (
    <section class="notice" aria-labelledby="notice-title">
      <h2 id="notice-title">The server does not answer</h2>
      <p>{problem ?? 'It may be starting, or it was stopped.'} The page tries again by itself.</p>
      <button type="button" class="primary" onClick={onRetry}>
        Try now
      </button>
    </section>
  );
}
