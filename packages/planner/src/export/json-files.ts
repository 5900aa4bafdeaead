import { slugify } from '@ai-toolkit/project-store';
import type { TextFile } from '../files/write-files.js';
import type { ExportedDocument, ProjectContent } from './export-project.js';

/** A single file, with times as ISO 8601. */
export function jsonFiles({ project, idea, documents }: ProjectContent): TextFile[] {
  const { id, name, description, tags, createdAt, updatedAt } = project;
  const content = {
    id,
    name,
    description,
    tags,
    createdAt: time(createdAt),
    updatedAt: time(updatedAt),
    idea,
    stages: documents.map(stageOf),
  };
  return [{ path: `${slugify(name)}.json`, text: `${JSON.stringify(content, null, 2)}\n` }];
}

function stageOf({ stage, document, state }: ExportedDocument): object {
  const { model, tokens, costUsd, cache, truncated, finishedAt } = state ?? {};
  return {
    stage: stage.id,
    name: stage.name,
    slug: stage.slug,
    needs: stage.needs,
    revision: document.revision,
    edited: document.edited,
    model,
    tokens,
    costUsd,
    cache,
    truncated,
    finishedAt: finishedAt === undefined ? undefined : time(finishedAt),
    text: document.text,
  };
}

function time(at: number): string {
  return new Date(at).toISOString();
}
