import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { markdownNodes } from './markdown-nodes.js';
import './markdown.css';

interface MarkdownProps {
  readonly text: string;
  /** Level of the top headings; lower ones follow from it. Default 3. */
  readonly firstLevel?: number;
}

/** Renders untrusted Markdown. */
export function Markdown({ text, firstLevel = 3 }: MarkdownProps): JSX.Element {
  const nodes = useMemo(() => markdownNodes(text, firstLevel), [text, firstLevel]);
  return <div class="markdown">{nodes}</div>;
}
