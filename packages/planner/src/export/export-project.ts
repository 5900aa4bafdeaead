import type { Project, ProjectStore, StageDocument } from '@ai-toolkit/project-store';
import type { FileAction } from '../files/inspect-target.js';
import { placeFiles } from '../files/place-files.js';
import type { TextFile } from '../files/write-files.js';
import { unmetNeeds } from '../question/question.js';
import { readSnapshot, stateOf } from '../question/snapshot.js';
import type { StageDefinition } from '../stages/stage-definition.js';
import type { StageGraph } from '../stages/stage-graph.js';
import { htmlFiles } from './html-files.js';
import { jsonFiles } from './json-files.js';
import { markdownFiles } from './markdown-files.js';

/** `md`: one file per document; `html`: the same as pages; `json`: a single file with all texts and their metadata. */
export type ExportFormat = 'md' | 'html' | 'json';

export interface ExportOptions {
  /** Default: `md`. */
  readonly format?: ExportFormat;
  /** Replace existing files that differ. Default: false. */
  readonly force?: boolean;
}

export interface ExportedFile {
  /** Relative to the folder. */
  readonly path: string;
  readonly action: FileAction;
}

export interface ProjectExport {
  /** Real path of the folder. */
  readonly dir: string;
  readonly format: ExportFormat;
  readonly files: readonly ExportedFile[];
  /** Stages without a document, which are not exported. */
  readonly missing: readonly number[];
}

/** A document with its stage and the stage's state. */
export interface ExportedDocument {
  readonly stage: StageDefinition;
  readonly document: StageDocument;
  readonly state: Project['stages'][string] | undefined;
}

/** The content to export. Documents are in the order in which their stages run. */
export interface ProjectContent {
  readonly project: Project;
  readonly idea: string;
  readonly documents: readonly ExportedDocument[];
}

type Render = (content: ProjectContent) => readonly TextFile[] | Promise<readonly TextFile[]>;

const formats: Readonly<Record<ExportFormat, Render>> = {
  md: markdownFiles,
  html: htmlFiles,
  json: jsonFiles,
};

/** @throws PlanError `PLAN_DEPENDENCY_UNMET` if there is no document at all; `PLAN_EXTRACT_…` */
export async function exportProject(
  store: ProjectStore,
  graph: StageGraph,
  id: string,
  dir: string,
  { format = 'md', force = false }: ExportOptions,
): Promise<ProjectExport> {
  const render = Object.hasOwn(formats, format) ? formats[format] : undefined;
  if (render === undefined) {
    throw new TypeError(
      `format must be one of ${Object.keys(formats).join(', ')}, received ${String(format)}`,
    );
  }
  const snapshot = await readSnapshot(store, graph, id);
  const documents = graph.inOrder.flatMap((stage): ExportedDocument[] => {
    const document = snapshot.documents.get(stage.id);
    return document === undefined ? [] : [{ stage, document, state: stateOf(snapshot, stage) }];
  });
  if (documents.length === 0) {
    throw unmetNeeds(graph.inOrder.slice(0, 1), `No stage of ${snapshot.project.id} has a document.`);
  }
  const files = await render({ project: snapshot.project, idea: snapshot.idea, documents });
  const { dir: folder, placed } = await placeFiles(dir, files, { force, refuseLinks: true });
  return {
    dir: folder,
    format,
    files: placed.map(({ file, action }) => ({ path: file.path, action })),
    missing: graph.inOrder.map((stage) => stage.id).filter((number) => !snapshot.documents.has(number)),
  };
}
