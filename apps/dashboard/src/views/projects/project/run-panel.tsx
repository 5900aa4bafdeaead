import type { JSX } from 'preact';
import { Failure } from '../../../parts/states.js';
import { hrefOf } from '../../../routing/route.js';
import { factsOf, StateBadge } from '../runs/run-facts.js';
import type { ProjectRun } from '../runs/run-state.js';
import { runs } from '../runs/use-run.js';

interface RunPanelProps {
  readonly id: string;
  readonly run: ProjectRun;
}

/** Progress of a run, stage by stage, with the latest text of each running stage. */
export function RunPanel({ id, run }: RunPanelProps): JSX.Element {
  const isRunning = run.state === 'running';
  return (
    <section class="panel" aria-busy={isRunning}>
      <div class="section-head">
        <h3>
          <span role="status">{titles[run.state]}</span>
        </h3>
        {isRunning ? (
          <button type="button" class="danger" onClick={() => runs.stop(id)}>
            Stop
          </button>
        ) : (
          <button type="button" onClick={() => runs.dismiss(id)}>
            Close
          </button>
        )}
      </div>
      {run.problem !== null && <Failure problem={run.problem} />}
      <ol class="run-stages">
        {run.stages.map((stage) => (
          <li key={stage.stage}>
            <div class="run-stage-head">
              <StateBadge state={stage.state} />
              <a href={hrefOf('projects', [id, String(stage.stage)])}>
                {stage.stage} {stage.name}
              </a>
              <span class="detail">{factsOf(stage)}</span>
            </div>
            {stage.state === 'running' && <p class="tail">{tailOf(stage.text)}</p>}
            {stage.state === 'failed' && <Failure problem={stage.why} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

const titles: Readonly<Record<ProjectRun['state'], string>> = {
  running: 'Running',
  done: 'The run is done',
  failed: 'The run failed',
  stopped: 'The run was stopped',
};

const tailLength = 240;

function tailOf(text: string): string {
  return text.length <= tailLength ? text : `…${text.slice(-tailLength)}`;
}
