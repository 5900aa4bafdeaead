import type { FencedBlock } from './fences.js';
import { isPathLike } from './path-like.js';

/** A block with the name of its file. */
export interface NamedBlock {
  readonly name: string;
  /** The lines of the file: without a first line that only states the name. */
  readonly lines: readonly string[];
}

/** `file=a.ts`, `filename: 'a.ts'`, `{path="a b.ts"}`; the value is a file name, whatever it looks like. */
const fileAttribute =
  /(?:^|[\s{,:])(?:file(?:[-_]?(?:name|path))?|path)\s*[=:]\s*(?:"([^"]*)"|'([^']*)'|([^\s{}"',]+))/iu;
/** `title="src/a.ts"`; a title may also be arbitrary text. */
const titleAttribute = /(?:^|[\s{,:])(?:title|name)\s*[=:]\s*(?:"([^"]*)"|'([^']*)'|([^\s{}"',]+))/iu;
/** `ts:src/a.ts` */
const languageAndPath = /^[A-Za-z0-9+#_-]+:(?!\/\/)(.+)$/u;
/** Languages of blocks that change or use a file rather than contain it. */
const changes: ReadonlySet<string> = new Set(['diff', 'patch']);
const shells: ReadonlySet<string> = new Set([
  'bash',
  'console',
  'fish',
  'powershell',
  'sh',
  'shell',
  'shell-session',
  'zsh',
]);
const shellFiles = /(?:\.(?:sh|bash|zsh|fish|ps1|psm1|env|command|bats)|(?:^|\/)[^./]+|(?:^|\/)\.[^/.]+)$/iu;

/** Comment syntaxes in which the first line of a block may state its name. */
const comments: readonly RegExp[] = [
  /^\/\/[/!]?\s*(.+?)\s*$/u,
  /^#\s*(?!!)(.+?)\s*$/u,
  /^\{?\/\*+\s*(.+?)\s*\*\/\}?$/u,
  /^<!--\s*(.+?)\s*-->$/u,
  /^\(\*\s*(.+?)\s*\*\)$/u,
  /^(?:--|;+|%+|"|REM\s)\s*(.+?)\s*$/u,
];
const label =
  /^(?:file(?:\s?name|\s?path)?(?:\s+\d+)?|path|title|create|new file)\s*[:=]?\s+(?=\S)|^(?:file(?:name)?|path)[:=]/iu;

/** A longer line is not a name, and would be slow to match against the patterns below. */
const longestLine = 1_500;

/** Undefined for a block that is not a file: an example, a command, a change. */
export function nameBlock(block: FencedBlock): NamedBlock | undefined {
  const { info, lines, before } = block;
  const [first = ''] = info.split(/\s/u);
  const language = first.toLowerCase();
  if (changes.has(language)) return undefined;
  const inInfo = nameInInfo(info);
  if (inInfo !== undefined) return { name: inInfo, lines };
  const [head = '', ...rest] = lines;
  const inComment = nameInComment(head);
  if (inComment !== undefined) return { name: inComment, lines: rest };
  const above = nameInLine(before);
  // Shell commands below the name of a source file are instructions, not its content.
  if (above === undefined || (shells.has(language) && !shellFiles.test(above))) return undefined;
  return { name: above, lines };
}

function nameInInfo(info: string): string | undefined {
  if (info.length > longestLine) return undefined;
  const file = attributeOf(info, fileAttribute);
  if (file !== undefined && file !== '') return file;
  const title = attributeOf(info, titleAttribute);
  if (title !== undefined && isPathLike(title.replaceAll(' ', '_'))) return title;
  const words = info.split(/\s+/u).map(unquoted);
  const [first = '', ...others] = words;
  const joined = languageAndPath.exec(first)?.[1];
  if (joined !== undefined && !isDrive(first) && isPathLike(joined)) return joined;
  if (isPathLike(first) && !isBareName(first)) return first;
  return others.find(isPathLike);
}

function nameInComment(line: string): string | undefined {
  if (line.length > longestLine) return undefined;
  const text = line.trim();
  for (const shape of comments) {
    const [, said] = shape.exec(text) ?? [];
    if (said === undefined) continue;
    const name = unquoted(said.replace(label, '').trim());
    if (isPathLike(name) && !isRoute(name)) return name;
  }
  return undefined;
}

/** `### 2. src/a.ts`, `**File: \`src/a.ts\`**`, `- src/a.ts:`, `**1. \`src/a.ts\`** (new)` */
function nameInLine(line: string): string | undefined {
  if (line.length > longestLine) return undefined;
  let plain = line.replace(/^\s*<!--(.*)-->\s*$/u, '$1').replace(/\s+\([^()]*\)\s*$/u, '');
  // Markup nests: a heading with a number, a number in bold, a name in backticks after a label.
  for (let before = ''; before !== plain; ) {
    before = plain;
    plain = plain
      .replaceAll(/^[*`:\s]+|[*`:\s]+$/gu, '')
      .replace(/^(?:#{1,6}|[-+]|\d+(?:\.\d+)*[.)])\s+/u, '')
      .replace(label, '');
  }
  return isPathLike(plain) && !isRoute(plain) ? plain : undefined;
}

function attributeOf(info: string, shape: RegExp): string | undefined {
  const [, double, single, plain] = shape.exec(info) ?? [];
  return double ?? single ?? plain;
}

/** As the first word of an info string, a name like `Dockerfile` is a language. */
function isBareName(word: string): boolean {
  return !/[./\\]/u.test(word);
}

/** `/users/login` above a block is a URL path. */
function isRoute(word: string): boolean {
  return /^\/[^.]*$/u.test(word);
}

/** `C:\a.ts`, where the letter is not a language. */
function isDrive(word: string): boolean {
  return /^[A-Za-z]:[\\/]/u.test(word);
}

function unquoted(word: string): string {
  return word.replaceAll(/^[`"'(]+|[`"'),]+$/gu, '').replace(/^\[(.+)\]$/u, '$1');
}
