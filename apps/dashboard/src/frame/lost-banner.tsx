import type { JSX } from 'preact';

interface LostBannerProps {
  readonly visible: boolean;
  readonly problem: string | null;
  readonly onRetry: () => void;
}

/** Says that the figures below are no longer live. Always in the page, so that screen readers announce its changes. */
export function LostBanner({ visible, problem, onRetry }: LostBannerProps): JSX.Element {
  return (
    <div role="alert" class="banner-place">
      {visible && (
        <div class="banner">
          <p>
            <strong>{problem ?? 'The connection to the server was lost.'}</strong> These are the last figures;
            the page reconnects by itself.
          </p>
          <button type="button" onClick={onRetry}>
            Try now
          </button>
        </div>
      )}
    </div>
  );
}
