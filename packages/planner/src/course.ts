import type { ProjectStore } from '@ai-toolkit/project-store';
import { readPipeline } from './pipeline/read-pipeline.js';
import { createQuestioner, type Questioner } from './question/question.js';
import type { StageSettings } from './question/stage-settings.js';
import type { StageGraph } from './stages/stage-graph.js';
import { remembered } from './templates/layered-templates.js';
import { projectTemplates } from './templates/project-templates.js';
import type { TemplateSource } from './templates/template-source.js';

/** How the stages of one project are run: a project may have its own pipeline and templates. */
export interface Course {
  readonly graph: StageGraph;
  readonly questioner: Questioner;
  readonly templates: TemplateSource;
}

export interface CoursesOptions {
  readonly store: ProjectStore;
  /** Stages of projects without a pipeline. */
  readonly common: StageGraph;
  readonly templates: TemplateSource;
  readonly defaults: StageSettings;
}

/** Resolves the course of a project, anew on each call since its files may have changed. Fails with `PLAN_PIPELINE_INVALID`. */
export function createCourses({
  store,
  common,
  templates,
  defaults,
}: CoursesOptions): (id: string) => Promise<Course> {
  return async (id) => {
    const { path } = await store.get(id);
    const graph = (await readPipeline(path)) ?? common;
    const own = remembered(projectTemplates(path, templates));
    return { graph, templates: own, questioner: createQuestioner(graph, own, defaults) };
  };
}
