/** A fenced code block of a Markdown text. */
export interface FencedBlock {
  /** Line of its opening fence, from 1. */
  readonly line: number;
  /** Info string of the opening fence. */
  readonly info: string;
  /** Its lines with their original line breaks, less the indentation of the fence. */
  readonly lines: readonly string[];
  /** Nearest non-empty line above, at most one empty line away; empty if there is none. */
  readonly before: string;
  /** False if the text ended first. */
  readonly closed: boolean;
}

interface Opening {
  readonly indent: number;
  readonly mark: string;
  readonly info: string;
}

/** A fence in a list is indented as deeply as the list, so any indentation is accepted. */
const openingShape = /^([ \t]*)(`{3,}(?=[^`]*$)|~{3,})(.*)$/u;
const closingShape = /^([ \t]*)(`{3,}|~{3,})[ \t]*$/u;
/** CommonMark, "Fenced code blocks": a fence indented further than this does not close a block. */
const closingIndent = 3;
const markdown = /^(?:md|mdx|markdown)\b|\.mdx?\b/iu;

/** Each failed search for nested fences reads the rest of the text; a text that needs more of them is not worth it. */
const nestedFailures = 10;

/**
 * Parses fenced blocks according to CommonMark, with one exception: models often wrap a Markdown file in a fence no
 * longer than those inside it, so within such a file a fence with a language opens an inner block.
 */
export function readFences(text: string): FencedBlock[] {
  const lines = text.split(/(?<=\n)/u);
  const blocks: FencedBlock[] = [];
  let before = { text: '', index: -1 };
  let failures = 0;
  for (let index = 0; index < lines.length; index += 1) {
    const line = bare(lines[index]);
    const opening = readOpening(line);
    if (opening === undefined) {
      if (line.trim() !== '') before = { text: line, index };
      continue;
    }
    let end = findClosing(lines, index, opening, false);
    if (end !== undefined && markdown.test(opening.info) && failures < nestedFailures) {
      const nested = findClosing(lines, index, opening, true);
      if (nested === undefined) failures += 1;
      else end = nested;
    }
    const content = lines.slice(index + 1, end ?? lines.length);
    blocks.push({
      line: index + 1,
      info: opening.info,
      lines: content.map((one) => outdent(one, opening.indent)),
      before: index - before.index <= 2 && before.index >= 0 ? before.text : '',
      closed: end !== undefined,
    });
    if (end === undefined) break;
    index = end;
    before = { text: '', index: -1 };
  }
  return blocks;
}

function readOpening(line: string): Opening | undefined {
  const [, space = '', mark, info = ''] = openingShape.exec(line) ?? [];
  return mark === undefined ? undefined : { indent: space.length, mark, info: info.trim() };
}

function findClosing(
  lines: readonly string[],
  start: number,
  { indent, mark }: Opening,
  nested: boolean,
): number | undefined {
  let inner: Opening | undefined;
  for (let index = start + 1; index < lines.length; index += 1) {
    const line = bare(lines[index]);
    if (inner !== undefined) {
      if (closes(line, inner.mark, inner.indent)) inner = undefined;
    } else if (closes(line, mark, indent)) {
      return index;
    } else if (nested) {
      const opening = readOpening(line);
      if (opening !== undefined && opening.info !== '') inner = opening;
    }
  }
  return undefined;
}

function closes(line: string, mark: string, indent: number): boolean {
  const [, space = '', found] = closingShape.exec(line) ?? [];
  return found?.startsWith(mark) === true && space.length <= indent + closingIndent;
}

function bare(line = ''): string {
  return line.replace(/\r?\n$/u, '');
}

function outdent(line: string, indent: number): string {
  let start = 0;
  while (start < indent && (line[start] === ' ' || line[start] === '\t')) start += 1;
  return line.slice(start);
}
