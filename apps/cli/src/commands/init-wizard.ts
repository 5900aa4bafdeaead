import { ask } from '../terminal.js';
import type { InitFlags } from './init.js';

interface Answers {
  readonly name: string;
  readonly description?: string;
  readonly tags: readonly string[];
}

/** Asks for whatever the flags leave open. */
export async function askForProject({ description, ideaFile, tag }: InitFlags): Promise<Answers> {
  const name = await ask(({ text }) =>
    text({
      message: 'What is the project called?',
      placeholder: 'Tide Clock',
      validate: (value) => (value === undefined || value.trim() === '' ? 'It needs a name.' : undefined),
    }),
  );
  const idea =
    description ??
    (ideaFile === undefined
      ? await ask(({ text }) =>
          text({
            message: 'What is the idea, in a few sentences?',
            placeholder: 'A wall clock that shows the tide',
            defaultValue: '',
          }),
        )
      : undefined);
  const words =
    tag.length > 0
      ? undefined
      : await ask(({ text }) =>
          text({ message: 'Tags, with commas between them?', placeholder: 'none', defaultValue: '' }),
        );
  const tags = (words ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  return {
    name,
    tags: words === undefined ? tag : tags,
    ...(idea === undefined || idea.trim() === '' ? {} : { description: idea }),
  };
}
