import type { Kind } from '../kind.js';
import { accessUrl, section, text } from './kinds.js';

export interface ProjectsSection {
  readonly folder?: string | undefined;
  readonly url?: string | undefined;
  readonly schema?: string | undefined;
}

export const projectsSection: Kind<ProjectsSection> = section('Where projects are kept.', {
  folder: text(
    'Folder of the projects; a relative one is beside the file that names it. Default: `projects` beneath the home.',
  ),
  url: accessUrl(
    'PostgreSQL that keeps the projects instead, for many servers.',
    /^postgres(?:ql)?$/,
    'URL, postgres or postgresql',
  ),
  schema: text('Schema of the projects in that database, one for each tenant. Default: ai_toolkit.'),
});
