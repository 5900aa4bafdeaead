export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
  /** Line numbers before and after; null if the line does not exist there. */
  readonly before: number | null;
  readonly after: number | null;
}

const hunkHead = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

/** The hunks of a unified diff of one text. */
export function parseDiff(unified: string): ReadonlyArray<readonly DiffLine[]> {
  const hunks: DiffLine[][] = [];
  let lines: DiffLine[] | undefined;
  let before = 0;
  let after = 0;
  for (const line of unified.split('\n')) {
    const head = hunkHead.exec(line);
    if (head !== null) {
      before = Number(head[1]);
      after = Number(head[2]);
      lines = [];
      hunks.push(lines);
      continue;
    }
    if (lines === undefined) continue;
    const text = line.slice(1);
    // "\ No newline at end of file" matches none of these.
    if (line.startsWith(' ')) lines.push({ kind: 'same', text, before: before++, after: after++ });
    else if (line.startsWith('+')) lines.push({ kind: 'added', text, before: null, after: after++ });
    else if (line.startsWith('-')) lines.push({ kind: 'removed', text, before: before++, after: null });
  }
  return hunks;
}
