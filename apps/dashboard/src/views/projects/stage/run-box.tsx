import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { resetStage, type StageReport } from '../../../api/stages.js';
import { ConfirmDialog } from '../../../parts/confirm-dialog.js';
import { Failure } from '../../../parts/states.js';
import { useToast } from '../../../parts/toast.js';
import { factsOf, StateBadge } from '../runs/run-facts.js';
import { RunForm } from '../runs/run-form.js';
import type { ProjectRun } from '../runs/run-state.js';
import { runs } from '../runs/use-run.js';

interface RunBoxProps {
  readonly id: string;
  readonly stage: StageReport;
  /** The project's run, if there is or was one. */
  readonly run: ProjectRun | null;
  readonly onReset: () => void;
}

/** Runs and stops the stage, and shows the result. */
export function RunBox({ id, stage, run, onReset }: RunBoxProps): JSX.Element {
  const [isAsking, setAsking] = useState(false);
  const announce = useToast();
  const own = run?.stages.find((one) => one.stage === stage.stage);
  const isRunning = run?.state === 'running';
  const isBusy = isRunning || stage.status === 'running';
  const hasTraces = stage.document !== null || stage.partialText !== null || stage.status === 'failed';
  return (
    <div class="run-box">
      {/* Always in the page, so that screen readers announce its changes. */}
      <p class="run-line" role="status">
        {own !== undefined && (
          <>
            {own.state !== 'running' && (
              <>
                <span>Last run:</span> <StateBadge state={own.state} />
              </>
            )}{' '}
            <span class="detail">{factsOf(own)}</span>
          </>
        )}
        {own === undefined && isRunning && <span class="detail">{waitingFor(run, stage.stage)}</span>}
      </p>
      {own?.state === 'failed' && <Failure problem={own.why} />}
      {run?.only === stage.stage && run.problem !== null && <Failure problem={run.problem} />}
      <div class="run-actions">
        {isRunning ? (
          <button type="button" class="danger" onClick={() => runs.stop(id)}>
            Stop
          </button>
        ) : (
          <RunForm
            action={stage.document === null ? 'Run the stage' : 'Run it again'}
            isDisabled={isBusy}
            onRun={(settings) => runs.start(id, stage.stage, settings)}
          />
        )}
        {hasTraces && !isBusy && (
          <button type="button" onClick={() => setAsking(true)}>
            Reset
          </button>
        )}
      </div>
      {isAsking && (
        <ConfirmDialog
          title={`Reset ${stage.name}?`}
          action="Reset the stage"
          onConfirm={async () => {
            await resetStage(id, stage.stage);
            announce('The stage is back to not started.');
            onReset();
          }}
          onClose={() => setAsking(false)}
        >
          <p>
            The stage is back to not started, and what needs it cannot run. Its revisions stay in the history.
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}

function waitingFor(run: ProjectRun, stage: number): string {
  if (run.only === stage) return 'Starting…';
  return run.only === null ? 'The project is running.' : `Stage ${run.only} is running.`;
}
