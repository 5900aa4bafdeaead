import { lstat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { isMissing } from '../error-code.js';
import { PlanError } from '../plan-error.js';
import { folderTemplates } from './folder-templates.js';
import { layered } from './layered-templates.js';
import type { TemplateSource } from './template-source.js';

const folderName = 'templates';

/** The templates of a project's own folder, which take precedence over `others`. */
export function projectTemplates(project: string, others: TemplateSource): TemplateSource {
  if (!isAbsolute(project)) return others;
  const folder = join(project, folderName);
  const own = folderTemplates(folder, false);
  return layered(
    {
      async load(name) {
        await refuseLinks(folder, name.startsWith('partials/'));
        return own.load(name);
      },
      async names() {
        await refuseLinks(folder, true);
        return own.names();
      },
    },
    others,
  );
}

/** A project from elsewhere could otherwise send any `.hbs` file of this user to a provider. */
async function refuseLinks(folder: string, withPartials: boolean): Promise<void> {
  for (const path of withPartials ? [folder, join(folder, 'partials')] : [folder]) {
    try {
      if (!(await lstat(path)).isSymbolicLink()) continue;
    } catch (error) {
      if (isMissing(error)) return;
      throw error;
    }
    throw new PlanError(
      'PLAN_TEMPLATE_INVALID',
      `${path} is a symbolic link, which a project may not contain.`,
      {
        hint: 'Replace the link by the folder itself.',
      },
    );
  }
}
