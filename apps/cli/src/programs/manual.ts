import type { Command } from 'commander';

/** What the help of a command says beside its options. */
export interface Manual {
  /** Command lines without `ai-toolkit`, the most common first. They head the help. */
  readonly examples: readonly string[];
  /** Paragraphs behind the options: what is read, written, promised. */
  readonly notes?: readonly string[];
}

/** Gives a command its manual. */
export function manual(command: Command, { examples, notes = [] }: Manual): Command {
  // Of a pipeline the command is named where it stands.
  const lines = examples.map(
    (example) => `  ${example.includes('| ai-toolkit ') ? '' : 'ai-toolkit '}${example}`,
  );
  command.addHelpText('before', `Examples:\n${lines.join('\n')}\n`);
  if (notes.length > 0) command.addHelpText('after', `\n${notes.join('\n\n')}`);
  return command;
}
