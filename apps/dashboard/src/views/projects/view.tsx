import type { JSX } from 'preact';
import type { ViewProps } from '../view.js';
import { ProjectList } from './list/project-list.js';
import { ProjectPage } from './project/project-page.js';
import { StagePage } from './stage/stage-page.js';
import './projects.css';
import './stage/stage.css';

/** `#/projects` is the list, `#/projects/ID` a project, `#/projects/ID/2` one of its stages. */
export function View({ route }: ViewProps): JSX.Element {
  const [id, stage] = route.path;
  return <div class="projects">{pageOf(route, id, stage)}</div>;
}

function pageOf(route: ViewProps['route'], id: string | undefined, stage: string | undefined): JSX.Element {
  if (id === undefined) return <ProjectList query={route.query} />;
  if (stage === undefined) return <ProjectPage key={id} id={id} />;
  return <StagePage key={`${id}/${stage}`} id={id} stage={Number(stage)} tab={route.query.get('tab')} />;
}
