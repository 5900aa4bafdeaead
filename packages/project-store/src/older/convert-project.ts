import { hash } from 'node:crypto';
import type { ImportedProject } from '../import/imported-project.js';
import { maxDescription, maxName, maxTag, maxTags, printable } from '../naming/check-text.js';
import { convertStage } from './convert-stage.js';
import type { OlderProject } from './older-project.js';
import { numberStages } from './stage-numbers.js';

export interface OlderSource {
  /** The complete source file. */
  readonly text: string;
  /** Fallback name for a project without one. */
  readonly folder: string;
  /** Modification time of the file. Epoch, ms. */
  readonly changedAt: number;
}

export interface ConvertedProject {
  readonly project: ImportedProject;
  /** Differences from the older project worth knowing, one sentence each. */
  readonly notes: readonly string[];
}

export function convertProject(older: OlderProject, source: OlderSource): ConvertedProject {
  const notes: string[] = [];
  const note = (text: string): void => void notes.push(text);
  const createdAt = older.createdAt ?? older.updatedAt ?? source.changedAt;
  const updatedAt = Math.max(createdAt, older.updatedAt ?? createdAt);
  const name = nameOf(older, source);
  if (name !== older.name) note(`its name is now ${JSON.stringify(name)}`);
  const full = older.description ?? '';
  const description = shortened(full);
  if (description !== full)
    note('its description could not be kept as it was; the idea or the original has all of it');
  const tags = older.tags
    .map((tag) => cut(tag, maxTag))
    .filter((tag) => tag !== '')
    .slice(0, maxTags);
  if (tags.some((tag, index) => tag !== older.tags[index]) || tags.length !== older.tags.length) {
    note('some of its tags were too long, too many or not visible, and are cut');
  }
  const numbered = numberStages(older.stages);
  const stages = [...numbered].flatMap(([number, same]) => convertStage(number, same, updatedAt, note) ?? []);
  return {
    project: {
      origin: originOf(older, source),
      ...{ name, description, idea: older.idea ?? full, tags, createdAt, updatedAt, stages },
      original: source.text,
    },
    notes,
  };
}

/** Origin for a project whose id another one already uses. */
export function contentOrigin(text: string): string {
  return `older:sha256:${hash('sha256', text, 'hex')}`;
}

/** Derived from the project's id if that is usable, else from the content of the file. */
function originOf({ id }: OlderProject, { text }: OlderSource): string {
  return id !== undefined && /^[^\p{Cc}\p{Cs}]{1,180}$/u.test(id) ? `older:${id}` : contentOrigin(text);
}

/** The project's name, shortened to the limit, or else that of its folder. */
function nameOf(older: OlderProject, source: OlderSource): string {
  const names = [older.name ?? '', source.folder].map((name) => cut(name, maxName));
  return names.find((name) => name !== '') ?? 'Project';
}

function shortened(description: string): string {
  const clean = description.toWellFormed();
  return clean.trim().length <= maxDescription
    ? clean
    : `${clean
        .trim()
        .slice(0, maxDescription - 1)
        .toWellFormed()}…`;
}

function cut(text: string, most: number): string {
  return printable([...printable(text)].slice(0, most).join(''));
}
