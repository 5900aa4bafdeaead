import type { JSX } from 'preact';
import type { ApiError } from '../../../api/api-error.js';
import type { PlannedCall, PlanStep, ProjectPlan } from '../../../api/projects.js';
import { formatCount, formatUsd, nothing } from '../../../format/format.js';
import { Badge, type Tone } from '../../../parts/badge.js';
import { type Column, DataTable } from '../../../parts/data-table.js';
import { Failure, Loading } from '../../../parts/states.js';
import { sentenceOf } from '../project-state.js';
import { RunForm } from '../runs/run-form.js';
import { runs } from '../runs/use-run.js';

interface PlanPanelProps {
  readonly id: string;
  readonly plan: ProjectPlan | null;
  readonly problem: ApiError | null;
  /** Only stale stages, not missing ones. */
  readonly isStale: boolean;
  readonly onStale: (isStale: boolean) => void;
  readonly onReload: () => void;
}

/** What a run would do and cost, before any call is made; and the run itself. */
export function PlanPanel(props: PlanPanelProps): JSX.Element {
  const { id, plan, problem, isStale, onStale, onReload } = props;
  return (
    <section class="panel">
      <div class="section-head">
        <h3>Next run</h3>
        <label class="check">
          <input
            type="checkbox"
            checked={isStale}
            onChange={(event) => onStale(event.currentTarget.checked)}
          />
          Only stale documents
        </label>
      </div>
      {problem !== null && <Failure problem={problem.message} action="Try again" onAction={onReload} />}
      {plan === null && problem === null && <Loading />}
      {plan !== null && (
        <>
          <DataTable label="What a run would do" columns={columns} rows={plan.steps} keyOf={keyOf} stacks />
          <p class="plan-total">{totalOf(plan)}</p>
          <RunForm
            action={plan.calls === 0 ? 'Nothing to run' : `Run ${stagesOf(plan.calls)}`}
            isDisabled={plan.calls === 0}
            onRun={(settings) => runs.start(id, null, isStale ? { ...settings, stale: true } : settings)}
          />
        </>
      )}
    </section>
  );
}

const keyOf = ({ stage }: PlanStep): string => String(stage);

const columns: readonly Column<PlanStep>[] = [
  {
    name: 'stage',
    title: 'Stage',
    isRowHeader: true,
    cell: ({ stage, name }) => `${stage} ${name}`,
  },
  { name: 'action', title: 'Action', cell: (step) => <ActionBadge step={step} /> },
  { name: 'why', title: 'Why', isWide: true, cell: ({ why }) => sentenceOf(why) },
  { name: 'cache', title: 'Cache', cell: ({ call }) => (call === undefined ? nothing : cacheOf(call)) },
  {
    name: 'tokens',
    title: 'Tokens in / out',
    isNumber: true,
    isWide: true,
    cell: ({ call }) =>
      call === undefined ? nothing : `≈ ${formatCount(call.inputTokens)} / ${formatCount(call.outputTokens)}`,
  },
  {
    name: 'cost',
    title: 'Cost',
    isNumber: true,
    cell: ({ call }) => (call === undefined ? nothing : costOf(call.costUsd)),
  },
];

const actions: Readonly<Record<PlanStep['action'], { readonly tone: Tone; readonly label: string }>> = {
  run: { tone: 'info', label: 'run' },
  skip: { tone: 'plain', label: 'skip' },
  wait: { tone: 'warn', label: 'wait' },
  blocked: { tone: 'bad', label: 'blocked' },
};

function ActionBadge({ step }: { readonly step: PlanStep }): JSX.Element {
  const { tone, label } = actions[step.action];
  return <Badge tone={tone}>{label}</Badge>;
}

function cacheOf({ cache, until }: PlannedCall): string {
  if (cache !== 'unknown' || until.length === 0) return cache;
  return `after ${until.join(', ')}`;
}

function costOf(usd: number | undefined): string {
  return usd === undefined ? 'unknown' : `${usd === 0 ? '' : '≈ '}${formatUsd(usd)}`;
}

function totalOf({ calls, hits, inputTokens, outputTokens, costUsd }: ProjectPlan): string {
  if (calls === 0) return 'Every document exists and is up to date.';
  const known = hits === 0 ? '' : ` ${hits} of them from the cache;`;
  const tokens = `about ${formatCount(inputTokens)} tokens in and ${formatCount(outputTokens)} out`;
  const cost = costUsd === undefined ? 'the price of a model is not known' : `about ${formatUsd(costUsd)}`;
  return `${stagesOf(calls)} would run:${known} ${tokens}, ${cost}.`;
}

function stagesOf(count: number): string {
  return count === 1 ? '1 stage' : `${count} stages`;
}
