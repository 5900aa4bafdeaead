import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

interface CopyButtonProps {
  readonly text: string;
  readonly label: string;
  readonly isPrimary?: boolean;
}

/** Puts a text on the clipboard. Not there where the browser has none for this page: it wants https, or a loopback address. */
export function CopyButton({ text, label, isPrimary = false }: CopyButtonProps): JSX.Element | null {
  const [copied, setCopied] = useState<string | null>(null);
  if (navigator.clipboard === undefined) return null;
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(text),
      () => setCopied(null),
    );
  };
  return (
    <button type="button" class={isPrimary ? 'primary' : undefined} onClick={copy}>
      {copied === text ? 'Copied' : label}
    </button>
  );
}
