import { nameBlock } from './block-name.js';
import { readFences } from './fences.js';
import { checkPath } from './safe-path.js';

export type SkipReason = 'clash' | 'duplicate' | 'symbolic-link' | 'unclosed' | 'unsafe-name';

/** A block that looks like a file but is not written. */
export interface SkippedBlock {
  /** Line of its opening fence, from 1. */
  readonly line: number;
  /** As written in the text; absent for an unclosed block without a name. */
  readonly name?: string;
  readonly reason: SkipReason;
  /** The reason for people, as a clause. */
  readonly why: string;
}

export interface SelectedFile {
  /** Relative to the target folder, with `/` as the separator. */
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

export interface Selection {
  readonly files: readonly SelectedFile[];
  readonly skipped: readonly SkippedBlock[];
  /** Number of blocks that are not files. */
  readonly unnamed: number;
}

/** Selects the files contained in a text, without looking at the target folder. */
export function selectBlocks(text: string): Selection {
  const found: (SelectedFile & { readonly name: string })[] = [];
  const skipped: SkippedBlock[] = [];
  let unnamed = 0;
  for (const block of readFences(text)) {
    const { line } = block;
    const named = nameBlock(block);
    if (!block.closed) {
      const name = named === undefined ? {} : { name: named.name };
      skipped.push({ line, ...name, reason: 'unclosed', why: 'the text ends before the block does' });
    } else if (named === undefined) {
      unnamed += 1;
    } else {
      const { name, lines } = named;
      const checked = checkPath(name);
      if ('path' in checked) found.push({ name, line, path: checked.path, text: lines.join('') });
      else skipped.push({ line, name, reason: 'unsafe-name', why: checked.problem });
    }
  }
  const files: SelectedFile[] = [];
  const clashOf = createClashFinder(found);
  for (const { name, ...file } of found) {
    const problem = clashOf(file);
    if (problem === undefined) files.push(file);
    else skipped.push({ line: file.line, name, ...problem });
  }
  return { files, skipped: skipped.sort((a, b) => a.line - b.line), unnamed };
}

type Problem = Pick<SkippedBlock, 'reason' | 'why'>;

/** Blocks of the same name. */
interface Namesakes {
  readonly first: SelectedFile;
  /** The first one that differs from it. */
  different?: SelectedFile;
}

/** Indexes the files first, since a text may contain thousands of them. */
function createClashFinder(all: readonly SelectedFile[]): (file: SelectedFile) => Problem | undefined {
  const named = new Map<string, Namesakes>();
  /** The first file in each folder. */
  const folders = new Map<string, SelectedFile>();
  for (const file of all) {
    const key = keyOf(file.path);
    const same = named.get(key);
    if (same === undefined) named.set(key, { first: file });
    else if (!isRepeated(file, same.first)) same.different ??= file;
    for (let at = key.indexOf('/'); at !== -1; at = key.indexOf('/', at + 1)) {
      const folder = key.slice(0, at);
      if (!folders.has(folder)) folders.set(folder, file);
    }
  }
  return (file) => {
    const key = keyOf(file.path);
    const { first, different } = named.get(key) ?? { first: file };
    const other = isRepeated(file, first) ? different : first;
    if (other !== undefined) {
      return {
        reason: 'duplicate',
        why: `the block on line ${other.line} has the same name and another text`,
      };
    }
    const inside = folders.get(key);
    if (inside !== undefined) {
      return { reason: 'clash', why: `the block on line ${inside.line} needs a folder of that name` };
    }
    if (file.line !== first.line) {
      return { reason: 'duplicate', why: `it repeats the block on line ${first.line}` };
    }
    return undefined;
  };
}

function isRepeated(file: SelectedFile, first: SelectedFile): boolean {
  return file.text === first.text && file.path === first.path;
}

/** Many file systems ignore case. */
function keyOf(path: string): string {
  return path.normalize('NFKC').toLowerCase();
}
