import { styleText } from 'node:util';

type Style = 'bold' | 'cyan' | 'dim';

/** Constructs still open after what was printed. */
interface Open {
  heading: boolean;
  bold: boolean;
  code: boolean;
  fence: boolean;
}

/**
 * Styles Markdown for a terminal while it streams in: headings, **bold**, `code` and fenced blocks. The text itself is
 * unchanged, so that copying yields what the model wrote. Holds back only a few characters, until it is clear what they
 * begin.
 */
export class MarkdownMarks {
  private held = '';
  private isLineStart = true;
  private readonly open: Open = { heading: false, bold: false, code: false, fence: false };

  /** The next piece, styled as far as it can be classified. */
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

  /** Returns what was held back, with styles closed. */
  end(): string {
    const rest = this.held;
    this.held = '';
    return this.mark(rest);
  }

  /** The leading part of a text with a uniform style; `undefined` if more text is needed to tell. */
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
    // Two stars before white space are no markup.
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

  /** Styles are opened and closed around each part, so the terminal is never left styled, however the process ends. */
  private mark(text: string): string {
    if (text === '') return '';
    if (this.open.fence || this.open.code) return styled('cyan', text);
    return this.open.heading || this.open.bold ? styled('bold', text) : text;
  }
}

function styled(style: Style, text: string): string {
  return styleText(style, text, { validateStream: false });
}
