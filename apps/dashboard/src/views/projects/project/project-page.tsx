import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { deleteProject, fetchPlan, fetchProject, type ProjectReport } from '../../../api/projects.js';
import { useLoaded } from '../../../connection/use-loaded.js';
import { formatCount, formatTime, formatUsd, nothing } from '../../../format/format.js';
import { useNow } from '../../../format/use-now.js';
import { ConfirmDialog } from '../../../parts/confirm-dialog.js';
import { Failure, Loading } from '../../../parts/states.js';
import { useToast } from '../../../parts/toast.js';
import { ViewHeading } from '../../../parts/view-heading.js';
import { hrefOf } from '../../../routing/route.js';
import { goTo } from '../../../routing/use-route.js';
import { runs, useRun } from '../runs/use-run.js';
import { EditProjectDialog } from './edit-project-dialog.js';
import { IdeaPanel } from './idea-panel.js';
import { PlanPanel } from './plan-panel.js';
import { RunPanel } from './run-panel.js';
import { StageGraph } from './stage-graph.js';

/** Polled for stages run elsewhere, and for edits by hand. */
const refreshMs = 15_000;

export function ProjectPage({ id }: { readonly id: string }): JSX.Element {
  const run = useRun(id);
  const isRunning = run?.state === 'running';
  const ended = run?.stages.filter(({ state }) => state !== 'running').length ?? 0;
  const [isStale, setStale] = useState(false);
  const [open, setOpen] = useState<'edit' | 'delete' | null>(null);
  const { value, problem, reload } = useLoaded((signal) => fetchProject(id, signal), [id, isRunning, ended], {
    refreshMs,
  });
  const plan = useLoaded((signal) => fetchPlan(id, isStale, signal), [id, isStale, isRunning]);
  const announce = useToast();
  const close = (): void => setOpen(null);
  const changed = (): void => {
    close();
    reload();
    plan.reload();
  };

  return (
    <>
      <nav class="crumbs" aria-label="Where this is">
        <a href={hrefOf('projects')}>Projects</a>
      </nav>
      <ViewHeading title={value?.project.name ?? 'Project'} detail={value?.project.description || undefined}>
        {value !== null && (
          <div class="row">
            <button type="button" onClick={() => setOpen('edit')}>
              Edit
            </button>
            <button type="button" class="danger" onClick={() => setOpen('delete')}>
              Delete
            </button>
          </div>
        )}
      </ViewHeading>
      {problem !== null && <Failure problem={problem.message} action="Try again" onAction={reload} />}
      {value === null && problem === null && <Loading lines={6} />}
      {value !== null && (
        <div class="stack">
          <section class="panel">
            <div class="section-head">
              <h3>Stages</h3>
              <Facts report={value} />
            </div>
            <StageGraph id={id} stages={value.stages} />
          </section>
          {run !== null && <RunPanel id={id} run={run} />}
          {!isRunning && (
            <PlanPanel
              id={id}
              plan={plan.value}
              problem={plan.problem}
              isStale={isStale}
              onStale={setStale}
              onReload={plan.reload}
            />
          )}
          <IdeaPanel report={value} onSaved={changed} />
        </div>
      )}
      {value !== null && open === 'edit' && (
        <EditProjectDialog project={value.project} onClose={close} onSaved={changed} />
      )}
      {value !== null && open === 'delete' && (
        <ConfirmDialog
          title={`Delete ${value.project.name}?`}
          action="Move to the trash"
          onConfirm={async () => {
            runs.stop(id);
            await deleteProject(id);
            announce('The project was moved to the trash.');
            goTo(hrefOf('projects'));
          }}
          onClose={close}
        >
          <p>
            Its folder moves to the trash, with all documents and their history. From there it can be brought
            back by hand.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}

function Facts({ report: { project, totals } }: { readonly report: ProjectReport }): JSX.Element {
  const now = useNow();
  const { documents, stages, tokens, costUsd } = totals;
  return (
    <p class="detail facts">
      <span>
        {documents} of {stages} documents
      </span>
      <span>{formatCount(tokens.input + tokens.output)} tokens</span>
      <span>{costUsd === undefined ? `cost ${nothing}` : formatUsd(costUsd)}</span>
      <span>changed {formatTime(project.updatedAt, now)}</span>
      {project.tags.map((tag) => (
        <a key={tag} class="tag" href={hrefOf('projects', [], { tag })}>
          {tag}
        </a>
      ))}
    </p>
  );
}
