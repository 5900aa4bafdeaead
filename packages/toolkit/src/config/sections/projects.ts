import type { Kind } from '../kind.js';
import { accessUrl, section, text } from './kinds.js';

export interface ProjectsSection {
  readonly folder?: string | undefined;
  readonly url?: string | undefined;
  readonly schema?: string | undefined;
}

export const projectsSection: Kind<ProjectsSection> = section('Where projects are kept.', {
  folder: text(
    'Folder of the projects; a relative path starts from the file that sets it. Default: `projects` in the home.',
  ),
  url: accessUrl(
    'PostgreSQL database to store the projects in instead, for many servers.',
    /^postgres(?:ql)?$/,
    'URL, postgres or postgresql',
  ),
  schema: text(
    'Schema that holds the projects in that database; use one for each tenant. Default: ai_toolkit.',
  ),
});
