import type { Argument, Command, Option } from 'commander';

/** Position of the cursor on a command line. */
export interface Position {
  readonly command: Command;
  /** The word under the cursor, as typed so far. */
  readonly typed: string;
  /** The option whose value is expected. */
  readonly option?: Option;
  /** The expected argument. */
  readonly argument?: Argument;
}

/** Walks the words before the cursor as the parser would; the last word is the one under the cursor. */
export function positionOf(program: Command, words: readonly string[]): Position {
  let command = program;
  let place = 0;
  let pending: Option | undefined;
  for (const word of words.slice(0, -1)) {
    if (pending !== undefined && takes(pending, word)) {
      if (!pending.variadic) pending = undefined;
      continue;
    }
    pending = undefined;
    if (word.startsWith('-')) {
      const option = optionOf(command, word);
      if (option?.isBoolean() === false && !word.includes('=')) pending = option;
      continue;
    }
    const next = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (next === undefined) place += 1;
    else {
      command = next;
      place = 0;
    }
  }
  const typed = words.at(-1) ?? '';
  if (pending !== undefined && takes(pending, typed)) return { command, typed, option: pending };
  const { registeredArguments } = command;
  const last = registeredArguments.at(-1);
  const argument = registeredArguments[place] ?? (last?.variadic === true ? last : undefined);
  return { command, typed, ...(argument === undefined ? {} : { argument }) };
}

/** Whether the word after an option is its value. An optional value must not look like an option. */
function takes({ required, variadic }: Option, word: string): boolean {
  return (required && !variadic) || !word.startsWith('-');
}

/** Options of the command and of all its parents. */
export function optionsOf(command: Command): readonly Option[] {
  return [...command.options, ...(command.parent === null ? [] : optionsOf(command.parent))];
}

function optionOf(command: Command, word: string): Option | undefined {
  const [flag] = word.split('=');
  return optionsOf(command).find(({ long, short }) => flag === long || flag === short);
}
