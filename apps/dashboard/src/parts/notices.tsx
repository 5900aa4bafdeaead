import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

interface LostBannerProps {
  readonly visible: boolean;
  readonly problem: string | null;
  readonly onRetry: () => void;
}

/** Says that the figures below are not live any more. Always in the page, so that screen readers hear it change. */
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

export function ForbiddenNotice({ onRetry }: NoticeProps): JSX.Element {
  return (
    <section class="notice" aria-labelledby="notice-title">
      <h2 id="notice-title">An admin key is needed</h2>
      <p>This server shows its usage to administrators only, and the page was opened without an admin key.</p>
      <button type="button" class="primary" onClick={onRetry}>
        Try again
      </button>
    </section>
  );
}

/** What to do when there is nothing to show yet. */
export function FirstCall(): JSX.Element {
  const [copied, setCopied] = useState(false);
  const command = [
    `curl ${window.location.origin}/v1/chat/completions \\`,
    "  -H 'content-type: application/json' \\",
    `  -d '{"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Say hello"}]}'`,
  ].join('\n');
  const copy = (): void => {
    void navigator.clipboard.writeText(command).then(() => setCopied(true));
  };
  return (
    <section class="notice" aria-labelledby="first-title">
      <h2 id="first-title">No calls yet</h2>
      <p>
        Point any OpenAI client at <code>{window.location.origin}/v1</code>, any Anthropic client at{' '}
        <code>{window.location.origin}</code>, or send a first call from a terminal. Send it twice: the second
        answer comes from the cache.
      </p>
      {/* Focusable, so that the keyboard can scroll it. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard */}
      <pre tabIndex={0}>{command}</pre>
      {navigator.clipboard !== undefined && (
        <button type="button" class="primary" onClick={copy}>
          {copied ? 'Copied' : 'Copy the command'}
        </button>
      )}
    </section>
  );
}
