import { Lexer, type MarkedToken, type Token, type Tokens } from 'marked';
import { type ComponentChild, Fragment, h } from 'preact';

/**
 * Renders Markdown (GFM) as elements. The text cannot inject markup: only a short list of elements is created here, and all else
 * becomes text, including HTML. Links lead to web pages and mail addresses only; images are described, not loaded.
 */
export function markdownNodes(text: string, firstLevel: number): ComponentChild {
  let tokens: readonly Token[];
  try {
    tokens = Lexer.lex(text);
  } catch {
    // Nested too deeply for the lexer's stack.
    return h('pre', { class: 'wraps' }, text);
  }
  return h(Fragment, null, ...createRenderer(firstLevel)(tokens));
}

/** Maximum nesting of elements; anything deeper is shown as source text. */
const maxDepth = 60;

type Render = (tokens: readonly Token[]) => readonly ComponentChild[];

function createRenderer(firstLevel: number): Render {
  let level = firstLevel - 1;
  let depth = 0;
  const render: Render = (tokens) => {
    if (depth >= maxDepth) return tokens.map(({ raw }) => raw);
    depth += 1;
    const nodes = tokens.map((token) => node(token as MarkedToken));
    depth -= 1;
    return nodes;
  };
  return render;

  function node(token: MarkedToken): ComponentChild {
    switch (token.type) {
      case 'space':
      case 'def':
        return null;
      case 'heading':
        // A text still being streamed may end after the `#` signs.
        if (token.text.trim() === '') return null;
        // Skipped levels confuse users who navigate by headings.
        level = Math.min(firstLevel + token.depth - 1, level + 1, 6);
        return h(`h${level}`, null, ...render(token.tokens));
      case 'paragraph':
      case 'blockquote':
      case 'strong':
      case 'em':
      case 'del':
        return h(elements[token.type], null, ...render(token.tokens));
      case 'code':
        return h('pre', { tabIndex: 0 }, h('code', null, token.text));
      case 'codespan':
        return h('code', null, token.text);
      case 'hr':
      case 'br':
        return h(token.type, null);
      case 'list':
        return list(token);
      case 'checkbox':
        return token.checked ? '☑ ' : '☐ ';
      case 'table':
        return table(token);
      case 'link':
        return link(token.href, render(token.tokens));
      case 'image':
        return link(token.href, [`Image: ${decoded(token.text) || token.href}`]);
      case 'text':
        if (token.tokens !== undefined) return h(Fragment, null, ...render(token.tokens));
        return decoded(token.text);
      case 'escape':
        return token.text;
      default:
        return token.raw;
    }
  }

  function list({ ordered, start, items }: Tokens.List): ComponentChild {
    const entries = items.map((item) => h('li', null, ...render(item.tokens)));
    return ordered ? h('ol', { start: start === '' ? 1 : start }, ...entries) : h('ul', null, ...entries);
  }

  function table({ header, rows }: Tokens.Table): ComponentChild {
    const cells = (row: readonly Tokens.TableCell[], name: 'th' | 'td'): ComponentChild[] =>
      row.map(({ tokens, align }) =>
        h(
          name,
          { class: align === 'right' ? 'number' : undefined, scope: name === 'th' ? 'col' : undefined },
          ...render(tokens),
        ),
      );
    return h(
      'div',
      { class: 'table-place', tabIndex: 0, role: 'region', 'aria-label': 'Table' },
      h(
        'table',
        null,
        h('thead', null, h('tr', null, ...cells(header, 'th'))),
        h('tbody', null, ...rows.map((row) => h('tr', null, ...cells(row, 'td')))),
      ),
    );
  }
}

const elements = {
  paragraph: 'p',
  blockquote: 'blockquote',
  strong: 'strong',
  em: 'em',
  del: 'del',
} as const;
const safeProtocols: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);

/** Drops addresses other than web pages and mailboxes, and relative ones, whose site is unknown. */
function link(address: string, content: readonly ComponentChild[]): ComponentChild {
  const href = decoded(address);
  if (!URL.canParse(href) || !safeProtocols.has(new URL(href).protocol)) return h('span', null, ...content);
  return h('a', { href, target: '_blank', rel: 'noopener noreferrer' }, ...content);
}

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  mdash: '—',
  ndash: '–',
  hellip: '…',
};

/** Decodes HTML character references, which Markdown allows: numeric ones, and the few named ones in common use. */
function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,6}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return named[name] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  });
}
