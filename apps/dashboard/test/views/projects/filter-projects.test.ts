import { describe, expect, it } from 'vitest';
import type { ProjectSummary } from '../../../src/api/projects.js';
import { filterProjects, tagsOf } from '../../../src/views/projects/list/filter-projects.js';
import { readTags } from '../../../src/views/projects/read-tags.js';

function project(name: string, tags: readonly string[]): ProjectSummary {
  return {
    kind: 'project',
    id: name.toLowerCase().replaceAll(' ', '-'),
    name,
    description: `About the ${name}.`,
    tags,
    createdAt: 0,
    updatedAt: 0,
    version: 1,
    stagesDone: 0,
    path: '/',
  };
}

const all = [
  project('Tide clock', ['sea', 'clocks']),
  project('Moon', ['sky', 'clocks']),
  project('Map', ['sea']),
];

describe('the search of projects', () => {
  it.each([
    ['', '', ['Tide clock', 'Moon', 'Map']],
    ['  TIDE sea ', '', ['Tide clock']],
    ['about the m', '', ['Moon', 'Map']],
    ['', 'clocks', ['Tide clock', 'Moon']],
    ['moon', 'sea', []],
  ])('finds by %j and the tag %j', (search, tag, names) => {
    expect(filterProjects(all, { search, tag }).map(({ name }) => name)).toEqual(names);
  });

  it('offers the tags, those of most projects first', () => {
    expect(tagsOf(all)).toEqual(['clocks', 'sea', 'sky']);
  });

  it('reads tags as people type them', () => {
    expect(readTags(' a, b c ,,a ')).toEqual(['a', 'b c']);
    expect(readTags(' ')).toEqual([]);
  });
});
