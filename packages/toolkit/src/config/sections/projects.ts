import * as z from 'zod/mini';
import { accessUrl, text } from './kinds.js';

export interface ProjectsSection {
  readonly folder?: string | undefined;
  readonly url?: string | undefined;
  readonly schema?: string | undefined;
}

export const projectsSection: z.ZodMiniType<ProjectsSection> = z
  .prefault(
    z.strictObject({
      folder: z.optional(text('Folder of the projects. Default: `projects` beneath the home.')),
      url: z.optional(
        accessUrl(
          'PostgreSQL that keeps the projects instead, for many servers.',
          /^postgres(?:ql)?$/,
          'URL, postgres or postgresql',
        ),
      ),
      schema: z.optional(
        text('Schema of the projects in that database, one for each tenant. Default: ai_toolkit.'),
      ),
    }),
    {},
  )
  .check(z.describe('Where projects are kept.'));
