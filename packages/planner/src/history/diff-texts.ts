import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from 'diff';

/** The difference between two texts. */
export interface TextDiff {
  /** Unified diff with three lines of context, as `patch` reads it; empty if the texts are equal. */
  readonly unified: string;
  readonly linesAdded: number;
  readonly linesRemoved: number;
}

const contextLines = 3;

export function diffTexts(
  from: { readonly name: string; readonly text: string },
  to: { readonly name: string; readonly text: string },
): TextDiff {
  if (from.text === to.text) return { unified: '', linesAdded: 0, linesRemoved: 0 };
  const patch = structuredPatch(from.name, to.name, from.text, to.text, '', '', { context: contextLines });
  const lines = patch.hunks.flatMap((hunk) => hunk.lines);
  return {
    unified: formatPatch(patch, FILE_HEADERS_ONLY),
    linesAdded: lines.filter((line) => line.startsWith('+')).length,
    linesRemoved: lines.filter((line) => line.startsWith('-')).length,
  };
}
