import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fetchProject } from '../../../api/projects.js';
import { fetchStage, type StageReport } from '../../../api/stages.js';
import { useLoaded } from '../../../connection/use-loaded.js';
import { Failure, Loading } from '../../../parts/states.js';
import { Tabs } from '../../../parts/tabs.js';
import { ViewHeading } from '../../../parts/view-heading.js';
import { hrefOf } from '../../../routing/route.js';
import { settleAt } from '../../../routing/use-route.js';
import { useRun } from '../runs/use-run.js';
import { DocumentPanel } from './document-panel.js';
import { HistoryPanel } from './history-panel.js';
import { RunBox } from './run-box.js';
import { StageFacts } from './stage-facts.js';

interface StagePageProps {
  readonly id: string;
  readonly stage: number;
  /** `history`; anything else shows the document. */
  readonly tab: string | null;
}

type TabName = 'document' | 'history';

const tabs = [
  { value: 'document', label: 'Document' },
  { value: 'history', label: 'History' },
] as const;

const refreshMs = 15_000;
/** Polled while another process runs the stage, whose text is read from the file it writes. */
const refreshRunningMs = 2000;

export function StagePage({ id, stage, tab }: StagePageProps): JSX.Element {
  const run = useRun(id);
  const own = run?.stages.find((one) => one.stage === stage);
  const isHere = own?.state === 'running' || (run?.state === 'running' && run.only === stage);
  const [isElsewhere, setElsewhere] = useState(false);
  const project = useLoaded((signal) => fetchProject(id, signal), [id, isHere]);
  const { value, problem, reload } = useLoaded(
    async (signal) => {
      const report = await fetchStage(id, stage, signal);
      setElsewhere(report.status === 'running' && !isHere);
      return report;
    },
    [id, stage, isHere],
    { refreshMs: isElsewhere ? refreshRunningMs : refreshMs },
  );
  const changed = (): void => {
    reload();
    project.reload();
  };
  const chosen: TabName = tab === 'history' ? 'history' : 'document';
  const choose = (next: TabName): void =>
    settleAt(hrefOf('projects', [id, String(stage)], next === 'document' ? {} : { tab: next }));

  return (
    <>
      <nav class="crumbs" aria-label="Where this is">
        <a href={hrefOf('projects')}>Projects</a>
        <a href={hrefOf('projects', [id])}>{project.value?.project.name ?? id}</a>
      </nav>
      <ViewHeading title={value === null ? `Stage ${stage}` : `${stage} ${value.name}`}>
        {project.value !== null && <Neighbours id={id} stage={stage} stages={project.value.stages} />}
      </ViewHeading>
      {problem !== null && <Failure problem={problem.message} action="Try again" onAction={reload} />}
      {value === null && problem === null && <Loading lines={6} />}
      {value !== null && (
        <div class="stack">
          <section class="panel" aria-label="State">
            <StageFacts id={id} stage={value} stages={project.value?.stages ?? []} isHere={isHere} />
            <RunBox id={id} stage={value} run={run} onReset={changed} />
          </section>
          <section class="panel" aria-label={value.name}>
            <Tabs label="Of this stage" value={chosen} tabs={tabs} onChange={choose}>
              {chosen === 'history' ? (
                <HistoryPanel id={id} stage={stage} revision={value.revision ?? null} onRestored={changed} />
              ) : (
                <DocumentPanel
                  id={id}
                  stage={value}
                  said={saidBy(value, isHere ? (own?.text ?? '') : null)}
                  onSaved={changed}
                />
              )}
            </Tabs>
          </section>
        </div>
      )}
    </>
  );
}

/** Text of a current or interrupted run; null to show the document. */
function saidBy(stage: StageReport, here: string | null): string | null {
  if (here !== null) return here;
  return stage.status === 'running' || stage.document === null ? stage.partialText : null;
}

interface NeighboursProps {
  readonly id: string;
  readonly stage: number;
  readonly stages: readonly { readonly stage: number; readonly name: string }[];
}

function Neighbours({ id, stage, stages }: NeighboursProps): JSX.Element {
  const at = stages.findIndex((one) => one.stage === stage);
  const before = stages[at - 1];
  const after = at === -1 ? undefined : stages[at + 1];
  return (
    <nav class="row" aria-label="Other stages">
      {before !== undefined && <a href={hrefOf('projects', [id, String(before.stage)])}>← {before.name}</a>}
      {after !== undefined && <a href={hrefOf('projects', [id, String(after.stage)])}>{after.name} →</a>}
    </nav>
  );
}
