import { FILE_HEADERS_ONLY, formatPatch, type StructuredPatch, structuredPatch } from 'diff';

/** The difference between two texts. */
export interface TextDiff {
  /** Unified diff with three lines of context, as `patch` reads it; empty if the texts are equal. */
  readonly unified: string;
  readonly linesAdded: number;
  readonly linesRemoved: number;
}

const contextLines = 3;

/** The time of a comparison grows with the square of its edits; more of them show little that the two texts do not. */
const maxEdits = 3_000;

interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** Texts that have too little in common are replaced as a whole. */
export function diffTexts(from: NamedText, to: NamedText): TextDiff {
  if (from.text === to.text) return { unified: '', linesAdded: 0, linesRemoved: 0 };
  const options = { context: contextLines, maxEditLength: maxEdits };
  const patch =
    structuredPatch(from.name, to.name, from.text, to.text, '', '', options) ?? replaceAll(from, to);
  const lines = patch.hunks.flatMap((hunk) => hunk.lines);
  return {
    unified: formatPatch(patch, FILE_HEADERS_ONLY),
    linesAdded: lines.filter((line) => line.startsWith('+')).length,
    linesRemoved: lines.filter((line) => line.startsWith('-')).length,
  };
}

/** Removes all lines of one text and adds all of the other. Comparing a text with nothing takes no time. */
function replaceAll(from: NamedText, to: NamedText): StructuredPatch {
  const removal = structuredPatch(from.name, to.name, from.text, '');
  const addition = structuredPatch(from.name, to.name, '', to.text);
  const [removed, added] = [removal.hunks[0], addition.hunks[0]];
  const hunk = {
    oldStart: 1,
    oldLines: removed?.oldLines ?? 0,
    newStart: 1,
    newLines: added?.newLines ?? 0,
    lines: [...(removed?.lines ?? []), ...(added?.lines ?? [])],
  };
  return { ...removal, hunks: [hunk] };
}
