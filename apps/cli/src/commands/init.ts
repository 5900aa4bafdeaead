import { join } from 'node:path';
import { readNamedFile } from '../named-file.js';
import { type GlobalFlags, runCommand } from '../run-command.js';
import { canAsk } from '../terminal.js';

export interface InitFlags {
  /** Asked for on a terminal if missing. */
  readonly name?: string;
  readonly description?: string;
  readonly ideaFile?: string;
  readonly path?: string;
  readonly tag: readonly string[];
}

export function init(flags: InitFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const { name, description, tags } = await describe(flags, globals);
    const { ideaFile, path } = flags;
    const idea = ideaFile === undefined ? undefined : await readNamedFile(ideaFile);
    const store = await toolkit.projects();
    const project = await store.create({
      name,
      tags,
      ...(description === undefined ? {} : { description }),
      ...(idea === undefined ? {} : { idea }),
      ...(path === undefined ? {} : { path }),
    });
    output.result(
      {
        id: project.id,
        path: project.path,
        name: project.name,
        description: project.description,
        tags: project.tags,
      },
      `${project.id}\n${project.path}`,
    );
    if (isEmpty(description) && isEmpty(idea))
      output.notice(`It has no idea yet. Write one in ${join(project.path, 'idea.md')}`);
    output.notice(`Next: ai-toolkit run -p ${project.id}`);
    return undefined;
  });
}

function isEmpty(text: string | undefined): boolean {
  return text === undefined || text.trim() === '';
}

interface Description {
  readonly name: string;
  readonly description?: string;
  readonly tags: readonly string[];
}

async function describe(flags: InitFlags, globals: GlobalFlags): Promise<Description> {
  const { name, description, tag: tags } = flags;
  if (name !== undefined) return { name, tags, ...(description === undefined ? {} : { description }) };
  if (!canAsk(globals)) throw new TypeError('The project has no name. Give it one: -n NAME');
  const { askForProject } = await import('./init-wizard.js');
  return askForProject(flags);
}
