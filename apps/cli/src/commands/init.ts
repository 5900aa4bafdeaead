import { readFile } from 'node:fs/promises';
import { type GlobalFlags, runCommand } from '../run-command.js';

export interface InitFlags {
  readonly name: string;
  readonly description?: string;
  readonly ideaFile?: string;
  readonly path?: string;
  readonly tag: readonly string[];
}

export function init(flags: InitFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const { name, description, ideaFile, path, tag } = flags;
    const idea = ideaFile === undefined ? undefined : await readFile(ideaFile, 'utf8');
    const store = await toolkit.projects();
    const project = await store.create({
      name,
      tags: tag,
      ...(description === undefined ? {} : { description }),
      ...(idea === undefined ? {} : { idea }),
      ...(path === undefined ? {} : { path }),
    });
    output.result(
      { id: project.id, path: project.path, name: project.name },
      `${project.id}\n${project.path}`,
    );
    output.notice(`Next: ai-toolkit run -p ${project.id}`);
    return undefined;
  });
}
