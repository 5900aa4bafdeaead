import { styleText } from 'node:util';
import { harmless, harmlessBetweenMarks } from './harmless.js';
import { MarkdownMarks } from './markdown.js';

/** Output flags of every command. */
export interface OutputFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  /** False for `--no-color`. */
  readonly color?: boolean;
}

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

/** Output of a command: results go to stdout, everything else to stderr. */
export interface Output {
  readonly json: boolean;
  /** Whether a person follows stdout: it is a terminal, and neither `--json` nor `--quiet` is set. */
  readonly live: boolean;
  /** Prints the result: `value` as a single JSON document with `--json`, else `text`. Called once. */
  result(value: unknown, text: string): void;
  /** Prints text of an answer as it arrives; not with `--json`. Styles Markdown if stdout is a suitable terminal. */
  stream(text: string): void;
  /** Call when an answer is complete, to flush text that was held back. */
  endStream(): void;
  /** Prints a progress or status line on stderr; not with `--quiet`. */
  notice(text: string): void;
  /** Prints further details on stderr; only with `--verbose`. */
  detail(text: string): void;
  /** Styles text for stdout if it is a suitable terminal. */
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

/** https://no-color.org: any non-empty value disables colour. A dumb terminal shows no styles. */
function allowsColor(): boolean {
  const { NO_COLOR, TERM } = process.env;
  return (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
}
