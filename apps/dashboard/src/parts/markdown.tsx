import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { markdownNodes } from './markdown-nodes.js';
import './markdown.css';

interface MarkdownProps {
  readonly text: string;
  /** Level of the first heading; those below follow. Default 3. */
  readonly firstLevel?: number;
}

/** A text in Markdown, which may come from anywhere. */
export function Markdown({ text, firstLevel = 3 }: MarkdownProps): JSX.Element {
  const nodes = useMemo(() => markdownNodes(text, firstLevel), [text, firstLevel]);
  return <div class="markdown">{nodes}</div>;
}
