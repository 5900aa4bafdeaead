import { buildImport } from '../import/build-import.js';
import type { ImportedProject } from '../import/imported-project.js';
import { ParseFailure } from '../parse.js';
import type { Project } from '../project.js';
import type { ProjectStore } from '../store.js';
import { StoreError } from '../store-error.js';
import { type ConvertedProject, contentOrigin, convertProject } from './convert-project.js';
import { readOlderProject } from './older-project.js';
import { findOlderFiles, readOlderFile } from './read-older-file.js';

export interface OlderMigrationOptions {
  /** Only report what would be migrated. Default: false. */
  readonly dryRun?: boolean;
  /** Ends the migration after the current project, which is completed. */
  readonly signal?: AbortSignal;
}

/** Result for one older project. */
export type OlderMigration = {
  /** The older file, which is never modified. */
  readonly file: string;
} & (
  | {
      readonly outcome: 'migrated';
      readonly name: string;
      /** Absent in a dry run. */
      readonly project?: Project;
      /** Numbers of the stages that were kept, ascending. */
      readonly stages: readonly number[];
      /** Differences from the older project worth knowing, one sentence each. */
      readonly notes: readonly string[];
    }
  /** This project or a copy of it was migrated before and is left unchanged. `id` is absent for one first seen in this dry run. */
  | {
      readonly outcome: 'known';
      readonly name: string;
      readonly id?: string;
      readonly notes: readonly string[];
    }
  /** Already has the current layout. */
  | { readonly outcome: 'present' }
  | { readonly outcome: 'damaged'; readonly reason: string }
);

/**
 * Imports projects of the older layout into a store: those in the subfolders of `place`, the one in `place` itself, or
 * the single file `place`. Each is one `project.json` with the texts of its stages inside, with field names in any
 * spelling. Nothing is lost: texts become documents, revisions or partial texts, byte for byte, and the file itself is
 * kept beside them (`readOriginal`). A damaged project is reported and does not stop the others; a migrated one is not
 * migrated again.
 * @throws StoreError `STORE_UNREADABLE` if `place` cannot be read, and any error of the store
 */
export async function* migrateOlderLayout(
  store: ProjectStore,
  place: string,
  { dryRun = false, signal }: OlderMigrationOptions = {},
): AsyncGenerator<OlderMigration, void, void> {
  signal?.throwIfAborted();
  const known = new Map<string, string>();
  for (const entry of await store.getAll()) {
    if (entry.kind === 'project' && entry.origin !== undefined) known.set(entry.origin, entry.id);
  }
  /** Origins met in this run, each with the content origin of its first file. */
  const met = new Map<string, string>();
  const wouldBe = new Set<string>();
  for (const file of await findOlderFiles(place)) {
    signal?.throwIfAborted();
    const read = await readConverted(file);
    if ('outcome' in read) {
      yield { file, ...read };
      continue;
    }
    const { project, notes } = tellApart(read, met);
    const { name, origin } = project;
    const id = known.get(origin);
    if (id !== undefined) {
      yield { file, outcome: 'known', name, id, notes: await changesSince(store, id, project.original) };
      continue;
    }
    if (dryRun && wouldBe.has(origin)) {
      yield { file, outcome: 'known', name, notes: [] };
      continue;
    }
    const about = { name, stages: project.stages.map(({ stage }) => stage.number), notes };
    if (dryRun) {
      wouldBe.add(origin);
      yield { file, outcome: 'migrated', ...about };
      continue;
    }
    const { project: made, isNew } = await store.importProject(project);
    known.set(origin, made.id);
    // Another process may have migrated the same project first.
    if (isNew) yield { file, outcome: 'migrated', ...about, project: made };
    else yield { file, outcome: 'known', name, id: made.id, notes: [] };
  }
}

async function readConverted(
  file: string,
): Promise<
  | ConvertedProject
  | { readonly outcome: 'present' }
  | { readonly outcome: 'damaged'; readonly reason: string }
> {
  try {
    const source = await readOlderFile(file);
    const older = readOlderProject(source.text);
    if (older === undefined) return { outcome: 'present' };
    const converted = convertProject(older, source);
    const reason = refusalOf(converted.project);
    return reason === undefined ? converted : { outcome: 'damaged', reason };
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    return { outcome: 'damaged', reason: error.message };
  }
}

/** Why no store would import a project, for example because it is too large. */
function refusalOf(project: ImportedProject): string | undefined {
  try {
    buildImport(project);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Two files may share an id if one is a modified copy. Both are kept as projects. */
function tellApart({ project, notes }: ConvertedProject, met: Map<string, string>): ConvertedProject {
  const { origin } = project;
  const content = contentOrigin(project.original);
  const before = met.get(origin);
  met.set(origin, before ?? content);
  if (before === undefined || before === content) return { project, notes };
  return {
    project: { ...project, origin: content },
    notes: [...notes, 'another project has the same id and other content; both are kept'],
  };
}

async function changesSince(store: ProjectStore, id: string, original: string): Promise<string[]> {
  try {
    if ((await store.readOriginal(id)) === original) return [];
  } catch (error) {
    if (!StoreError.isInstance(error) || error.retryable) throw error;
    return [`its file cannot be compared with the one that was migrated: ${error.message}`];
  }
  return ['its file has changed since it was migrated; the project was left as it is'];
}
