import { styleText } from 'node:util';
import { harmless, harmlessBetweenMarks } from './harmless.js';
import { MarkdownMarks } from './markdown.js';

/** Flags that every command takes. */
export interface OutputFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  /** False for `--no-color`. */
  readonly color?: boolean;
}

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

/** Where a command says things: results on stdout, everything else on stderr. */
export interface Output {
  readonly json: boolean;
  /** Both streams show a person what happens: stdout is a terminal, and nobody asked for less. */
  readonly live: boolean;
  /** The result: `value` as the one JSON document with `--json`, else `text`. Called once. */
  result(value: unknown, text: string): void;
  /** Text of an answer as it comes; not with `--json`. Markdown is marked where stdout is a terminal that shows it. */
  stream(text: string): void;
  /** To be called when no more of an answer comes, so that nothing is held back. */
  endStream(): void;
  /** A line about what is going on, on stderr; not with `--quiet`. */
  notice(text: string): void;
  /** A line for who wants to know more, on stderr; only with `--verbose`. */
  detail(text: string): void;
  /** Marks text on stdout, where it is a terminal that shows it. */
  style(style: Style, text: string): string;
}

export function createOutput(flags: OutputFlags): Output {
  const json = flags.json === true;
  const quiet = flags.quiet === true;
  const colors = flags.color !== false && allowsColor();
  const mark = (style: Style, text: string, stream: NodeJS.WriteStream): string =>
    colors && stream.isTTY ? styleText(style, text, { validateStream: false }) : text;
  const say = (text: string): void => {
    const shown = process.stderr.isTTY ? harmless(text) : text;
    process.stderr.write(`${mark('dim', shown, process.stderr)}\n`);
  };
  const markdown = colors && !json && process.stdout.isTTY ? new MarkdownMarks() : undefined;
  const endStream = (): void => {
    const rest = markdown?.end() ?? '';
    if (rest !== '') process.stdout.write(rest);
  };
  return {
    json,
    live: !json && !quiet && process.stdout.isTTY === true,
    result(value, text) {
      endStream();
      const shown = process.stdout.isTTY ? harmlessBetweenMarks(text) : text;
      process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : shown === '' ? '' : `${shown}\n`);
    },
    stream(text) {
      if (json) return;
      const shown = process.stdout.isTTY ? harmless(text) : text;
      process.stdout.write(markdown?.push(shown) ?? shown);
    },
    endStream,
    notice(text) {
      if (!quiet) say(text);
    },
    detail(text) {
      if (flags.verbose === true) say(text);
    },
    style: (style, text) => mark(style, text, process.stdout),
  };
}

/** https://no-color.org: any value that is not empty. A dumb terminal shows no marks. */
function allowsColor(): boolean {
  const { NO_COLOR, TERM } = process.env;
  return (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
}
