import { type GlobalFlags, runCommand } from '../run-command.js';
import { confirm } from '../terminal.js';

export interface DeleteFlags {
  readonly project: string;
  readonly yes?: boolean;
  readonly permanent?: boolean;
}

export function deleteProject(flags: DeleteFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const { yes = false, permanent = false } = flags;
    const store = await toolkit.projects();
    const { id, name, path } = await store.get(flags.project);
    const fate = permanent ? 'for good' : 'to the trash';
    await confirm(`Delete ${name} (${path}) ${fate}?`, yes, globals);
    const { trashPath } = await store.delete(id, { permanent });
    output.result(
      { id, deleted: true, ...(trashPath === undefined ? {} : { trashPath }) },
      trashPath === undefined ? `${id} is deleted.` : `${id} is in the trash: ${trashPath}`,
    );
    return undefined;
  });
}
