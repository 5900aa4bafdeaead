import type { NewProject } from '../project.js';
import { checkText } from '../text-limit.js';
import { checkDescription, checkName, checkTags } from './check-text.js';
import { slugify } from './slug.js';

export interface CheckedProject {
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** Ends in a line break unless it is empty. */
  readonly idea: string;
  readonly slug: string;
}

/**
 * Validates and normalises the fields of a new project.
 * @throws StoreError `STORE_NAME_INVALID`, or `STORE_UNWRITABLE` if the idea is too long
 */
export function checkNewProject(
  input: Pick<NewProject, 'name' | 'description' | 'tags' | 'idea'>,
): CheckedProject {
  const name = checkName(input.name);
  const description = checkDescription(input.description ?? '');
  const idea = input.idea ?? description;
  checkText('idea', idea);
  return {
    name,
    description,
    tags: checkTags(input.tags ?? []),
    idea: idea === '' || idea.endsWith('\n') ? idea : `${idea}\n`,
    slug: slugify(name),
  };
}
