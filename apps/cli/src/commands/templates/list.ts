import { table } from '../../output/table.js';
import { type GlobalFlags, runCommand } from '../../run-command.js';

export interface ListTemplatesFlags {
  /** Include the templates of this project. */
  readonly project?: string;
}

export function listTemplates({ project }: ListTemplatesFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const templates =
      project === undefined
        ? await (await import('@ai-toolkit/planner')).describeTemplates(await toolkit.templates())
        : await (await toolkit.planner()).templates(project);
    output.result(
      { folder: toolkit.paths.templates, templates },
      table(templates.map(({ name, state, origin }) => [name, state, origin === 'built-in' ? '' : origin])),
    );
    for (const { name, state } of templates) {
      if (state === 'outdated') output.notice(`${name}: the built-in one has changed since yours was made.`);
    }
    return undefined;
  });
}
