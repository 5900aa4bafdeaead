import type { PlannerEvent, StageDone, StageStatus } from '@ai-toolkit/planner';
import { costText } from '../output/dollars.js';
import type { Output } from '../output/output.js';

/** Result of one stage, for `--json`. */
export interface StageResult {
  readonly stage: number;
  readonly name: string;
  readonly outcome: 'done' | 'skipped' | 'failed';
  /** Path of the document. */
  readonly path?: string;
  readonly revision?: number;
  readonly model?: string;
  readonly cache?: string;
  readonly usage?: StageDone['usage'];
  /** US dollars; absent if the price is unknown. */
  readonly costUsd?: number;
  /** Reason for a skipped or failed stage. */
  readonly why?: string;
}

/** Converts the last event of a stage to a result; `undefined` for other events. */
export function stageResult(event: PlannerEvent): StageResult | undefined {
  const { stage, name } = event;
  switch (event.type) {
    case 'done': {
      const { path, revision, model, cache, usage, costUsd } = event;
      return {
        stage,
        name,
        outcome: 'done',
        path,
        revision,
        model,
        cache,
        ...(usage === undefined ? {} : { usage }),
        ...(costUsd === undefined ? {} : { costUsd }),
      };
    }
    case 'skipped':
      return { stage, name, outcome: 'skipped', why: event.why };
    case 'failed':
      return { stage, name, outcome: 'failed', why: describe(event.error) };
    default:
      return undefined;
  }
}

/** Reports an event of a stage on stderr. */
export function noticeStage(output: Pick<Output, 'notice'>, event: PlannerEvent): void {
  const title = `${event.stage} ${event.name}`;
  switch (event.type) {
    case 'started':
      output.notice(`${title}: started (${event.why})`);
      break;
    case 'done':
      output.notice(`${title}: done, ${cost(event)}${event.truncated ? ', cut short by --max-tokens' : ''}`);
      break;
    case 'skipped':
      output.notice(`${title}: skipped, ${event.why}`);
      break;
    case 'failed':
      output.notice(`${title}: failed, ${describe(event.error)}`);
      break;
    default:
      break;
  }
}

/** The stages that have become stale, as a line for people; empty if there are none. */
export function staleLine(stages: readonly StageStatus[]): string {
  const stale = stages
    .filter(({ status }) => status === 'stale')
    .map(({ stage, name }) => `${stage} ${name}`);
  return stale.length === 0 ? '' : `stale now: ${stale.join(', ')}`;
}

function cost({ cache, usage, costUsd }: StageDone): string {
  const tokens =
    usage === undefined ? 'tokens unknown' : `${usage.inputTokens} tokens in, ${usage.outputTokens} out`;
  if (cache === 'hit') return `from the cache (saved ${tokens})`;
  return `${tokens}, ${costText(costUsd)}`;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
