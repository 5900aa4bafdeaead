import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

interface CopyButtonProps {
  readonly text: string;
  readonly label: string;
  readonly isPrimary?: boolean;
}

/** Copies a text to the clipboard. Renders nothing where browsers offer no clipboard: without HTTPS or a loopback address. */
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
