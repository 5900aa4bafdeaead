import { ParseFailure } from '../parse.js';
import type { Project } from '../project.js';
import type { ProjectStore } from '../store.js';
import { type ConvertedProject, contentOrigin, convertProject } from './convert-project.js';
import { readOlderProject } from './older-project.js';
import { findOlderFiles, readOlderFile } from './read-older-file.js';

export interface OlderMigrationOptions {
  /** Only tell what would be done. Default: false. */
  readonly dryRun?: boolean;
  /** Ends the migration after the project at hand, which is migrated whole. */
  readonly signal?: AbortSignal;
}

/** What became of one older project. */
export type OlderMigration = {
  /** The older file. It is never changed. */
  readonly file: string;
} & (
  | {
      readonly outcome: 'migrated';
      readonly name: string;
      /** Absent in a dry run. */
      readonly project?: Project;
      /** Numbers of the stages of which something is kept, ascending. */
      readonly stages: readonly number[];
      /** What is otherwise than one would expect, a sentence each. */
      readonly notes: readonly string[];
    }
  /** It, or a copy of it, was migrated before; the project of then is as it was. Without `id`: in this dry run. */
  | {
      readonly outcome: 'known';
      readonly name: string;
      readonly id?: string;
      readonly notes: readonly string[];
    }
  /** It has the present layout already. */
  | { readonly outcome: 'present' }
  | { readonly outcome: 'damaged'; readonly reason: string }
);

/**
 * Brings projects of the older layout into a store: those in the folders of `place`, the one in it, or the one that is
 * the file `place`. Each is one `project.json` with the texts of its stages in it, in whatever spelling. Nothing that it
 * says is lost: texts become documents, revisions or partial texts, byte for byte, and the file itself is kept beside
 * them (`readOriginal`). A damaged one is told of and does not stop the others; one that was migrated before is not
 * migrated again.
 * @throws StoreError `STORE_UNREADABLE` when there is no such place, and what the store fails with
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
  /** Origins of this run, each with what stands for the file that has it. */
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
    // Another process that migrates the same may have been first.
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
    return older === undefined ? { outcome: 'present' } : convertProject(older, source);
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    return { outcome: 'damaged', reason: error.message };
  }
}

/** Two files may have the same id, being copies of which one was changed. Both are projects. */
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
  if ((await store.readOriginal(id)) === original) return [];
  return ['its file has changed since it was migrated; the project was left as it is'];
}
