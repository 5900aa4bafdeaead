import type { ProjectSummary } from '../../../api/projects.js';

export interface ProjectFilter {
  /** Words that must all occur in name, description, tags or id. */
  readonly search: string;
  /** Empty: any. */
  readonly tag: string;
}

export function filterProjects(
  projects: readonly ProjectSummary[],
  { search, tag }: ProjectFilter,
): readonly ProjectSummary[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 && tag === '') return projects;
  return projects.filter((project) => {
    if (tag !== '' && !project.tags.includes(tag)) return false;
    const { name, description, tags, id } = project;
    const text = [name, description, id, ...tags].join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** All tags, most used first. */
export function tagsOf(projects: readonly ProjectSummary[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { tags } of projects) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].sort(([a, most], [b, least]) => least - most || a.localeCompare(b)).map(([tag]) => tag);
}
