import type { Argument, Command, Option } from 'commander';

/** Where the cursor stands on a command line. */
export interface Position {
  readonly command: Command;
  /** What is typed so far of the word under the cursor. */
  readonly typed: string;
  /** The option whose value is wanted. */
  readonly option?: Option;
  /** The argument that is wanted. */
  readonly argument?: Argument;
}

/** Walks over the words before the cursor as the parser would; the last word is the one under the cursor. */
export function positionOf(program: Command, words: readonly string[]): Position {
  let command = program;
  let place = 0;
  let pending: Option | undefined;
  for (const word of words.slice(0, -1)) {
    if (pending !== undefined) {
      pending = undefined;
      continue;
    }
    if (word.startsWith('-')) {
      const option = optionOf(command, word);
      pending = option?.required === true && !word.includes('=') ? option : undefined;
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
  if (pending !== undefined) return { command, typed, option: pending };
  const { registeredArguments } = command;
  const last = registeredArguments.at(-1);
  const argument = registeredArguments[place] ?? (last?.variadic === true ? last : undefined);
  return { command, typed, ...(argument === undefined ? {} : { argument }) };
}

/** The command's own options and those of all above it. */
export function optionsOf(command: Command): readonly Option[] {
  return [...command.options, ...(command.parent === null ? [] : optionsOf(command.parent))];
}

function optionOf(command: Command, word: string): Option | undefined {
  const [flag] = word.split('=');
  return optionsOf(command).find(({ long, short }) => flag === long || flag === short);
}
