import type { Command } from 'commander';

/** Help text of a command besides its options. */
export interface Manual {
  /** Command lines without `ai-toolkit`, most common first. Shown at the top of the help. */
  readonly examples: readonly string[];
  /** Paragraphs after the options: what is read, written, guaranteed. */
  readonly notes?: readonly string[];
}

/** Adds help text to a command. */
export function manual(command: Command, { examples, notes = [] }: Manual): Command {
  // In a pipeline, the example already contains the command name.
  const lines = examples.map(
    (example) => `  ${example.includes('| ai-toolkit ') ? '' : 'ai-toolkit '}${example}`,
  );
  command.addHelpText('before', `Examples:\n${lines.join('\n')}\n`);
  if (notes.length > 0) command.addHelpText('after', `\n${notes.join('\n\n')}`);
  return command;
}
