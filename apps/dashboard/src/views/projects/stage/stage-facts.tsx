import type { JSX } from 'preact';
import type { StageStatus } from '../../../api/projects.js';
import { formatCount, formatTime, formatUsd } from '../../../format/format.js';
import { useNow } from '../../../format/use-now.js';
import { hrefOf } from '../../../routing/route.js';
import { StageBadge, sentenceOf } from '../project-state.js';

interface StageFactsProps {
  readonly id: string;
  readonly stage: StageStatus;
  readonly stages: readonly StageStatus[];
  /** Whether this page runs the stage. */
  readonly isHere: boolean;
}

/** The status of a stage and its reasons, what it needs, and the cost of its document. */
export function StageFacts({ id, stage, stages, isHere }: StageFactsProps): JSX.Element {
  const now = useNow();
  const { status, why, needs, model, tokens, costUsd, finishedAt, revision, edited, truncated } = stage;
  return (
    <div class="stage-facts">
      <p class="stage-state">
        <StageBadge status={isHere ? 'running' : status} why={[]} />
        {!isHere && <span>{sentenceOf(why)}</span>}
        {edited && <span>The document was edited by hand.</span>}
        {truncated && <span>The document was cut short by the token limit.</span>}
      </p>
      <dl class="facts-list">
        {needs.length > 0 && (
          <Fact name="Needs">
            {needs.map((need) => {
              const needed = stages.find((one) => one.stage === need);
              return (
                <a key={need} href={hrefOf('projects', [id, String(need)])}>
                  {need} {needed?.name ?? ''}
                </a>
              );
            })}
          </Fact>
        )}
        {revision !== undefined && <Fact name="Revision">{revision}</Fact>}
        {model !== undefined && <Fact name="Model">{model}</Fact>}
        {tokens !== undefined && (
          <Fact name="Tokens">
            {formatCount(tokens.input)} in, {formatCount(tokens.output)} out
          </Fact>
        )}
        {model !== undefined && <Fact name="Cost">{formatUsd(costUsd ?? null)}</Fact>}
        {finishedAt !== undefined && <Fact name="Written">{formatTime(finishedAt, now)}</Fact>}
      </dl>
    </div>
  );
}

function Fact({
  name,
  children,
}: {
  readonly name: string;
  readonly children: JSX.Element['props']['children'];
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
