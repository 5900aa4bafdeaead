import { styleText } from 'node:util';

type Style = 'bold' | 'cyan' | 'dim';

/** What is open at the end of what was printed. */
interface Open {
  heading: boolean;
  bold: boolean;
  code: boolean;
  fence: boolean;
}

/**
 * Marks Markdown for a terminal while it comes in: headings, **bold**, `code` and fenced blocks. The text stays as it is, so that what
 * a person copies is what the model wrote. Only a few characters are ever held back, until it is known what they begin.
 */
export class MarkdownMarks {
  private held = '';
  private isLineStart = true;
  private readonly open: Open = { heading: false, bold: false, code: false, fence: false };

  /** The next piece, marked as far as it is known what it is. */
  push(piece: string): string {
    let text = this.held + piece;
    let marked = '';
    this.held = '';
    while (text !== '') {
      const taken = this.take(text);
      if (taken === undefined) {
        this.held = text;
        break;
      }
      marked += taken.marked;
      text = text.slice(taken.length);
    }
    return marked;
  }

  /** What was held back. The terminal is left without marks. */
  end(): string {
    const rest = this.held;
    this.held = '';
    return this.mark(rest);
  }

  /** The first part of a text that is of one kind; `undefined` when more has to come to know it. */
  private take(text: string): { marked: string; length: number } | undefined {
    if (this.isLineStart) return this.takeLineStart(text);
    const end = text.search(this.open.fence ? /\n/ : /[\n`*]/);
    if (end !== 0) {
      const plain = end < 0 ? text : text.slice(0, end);
      return { marked: this.mark(plain), length: plain.length };
    }
    if (text[0] === '\n') {
      this.isLineStart = true;
      this.open.heading = false;
      this.open.bold = false;
      this.open.code = false;
      return { marked: '\n', length: 1 };
    }
    if (text[0] === '`') return this.toggle('code', '`');
    if (text === '*' || (text === '**' && !this.open.bold)) return undefined;
    // Two stars between spaces are no mark.
    const isMark = text.startsWith('**') && !this.open.code && (this.open.bold || !/^\*\*\s/.test(text));
    return isMark ? this.toggle('bold', '**') : { marked: this.mark('*'), length: 1 };
  }

  private takeLineStart(text: string): { marked: string; length: number } | undefined {
    const line = /^[ \t]*(?:`{1,3}|#{1,6} ?)?/.exec(text)?.[0] ?? '';
    if (line.length === text.length && line.length < 12) return undefined;
    this.isLineStart = false;
    const opening = line.trim();
    if (opening === '```') {
      const end = text.indexOf('\n');
      if (end < 0) {
        this.isLineStart = true;
        return undefined;
      }
      this.open.fence = !this.open.fence;
      return { marked: styled('dim', text.slice(0, end)), length: end };
    }
    if (!this.open.fence && /^#{1,6}$/.test(opening) && line.endsWith(' ')) this.open.heading = true;
    const indent = /^[ \t]*(?:#+ )?/.exec(text)?.[0] ?? '';
    return { marked: this.mark(indent), length: indent.length };
  }

  private toggle(name: 'bold' | 'code', sign: string): { marked: string; length: number } {
    const wasOpen = this.open[name];
    this.open[name] = true;
    const marked = this.mark(sign);
    this.open[name] = !wasOpen;
    return { marked, length: sign.length };
  }

  /** Marks are opened and closed around each part: the terminal is never left with one, whatever ends the process. */
  private mark(text: string): string {
    if (text === '') return '';
    if (this.open.fence || this.open.code) return styled('cyan', text);
    return this.open.heading || this.open.bold ? styled('bold', text) : text;
  }
}

function styled(style: Style, text: string): string {
  return styleText(style, text, { validateStream: false });
}
