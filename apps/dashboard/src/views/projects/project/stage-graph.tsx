import type { JSX } from 'preact';
import { useId, useMemo } from 'preact/hooks';
import type { StageStatus } from '../../../api/projects.js';
import { hrefOf } from '../../../routing/route.js';
import { StageBadge } from '../project-state.js';
import { layOutGraph, pathOf } from './graph-layout.js';

interface StageGraphProps {
  readonly id: string;
  readonly stages: readonly StageStatus[];
}

/**
 * The stages with their dependencies. A list of links, drawn as a graph if there is room. For screen readers and on phones, each entry
 * states what it needs.
 */
export function StageGraph({ id, stages }: StageGraphProps): JSX.Element {
  const arrow = useId();
  const layout = useMemo(
    () => layOutGraph(stages.map(({ stage, needs }) => ({ id: stage, needs }))),
    [stages],
  );
  const { widthPx, heightPx } = layout;
  const statusOf = new Map(stages.map((stage) => [stage.stage, stage.status]));
  return (
    <section class="graph-place" aria-label="Stages and what they need">
      <div class="graph" style={{ '--graph-width': `${widthPx}px`, '--graph-height': `${heightPx}px` }}>
        <svg aria-hidden="true" width={widthPx} height={heightPx} viewBox={`0 0 ${widthPx} ${heightPx}`}>
          <marker
            id={arrow}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
          >
            <path d="M1 1l6 3-6 3z" />
          </marker>
          {layout.edges.map(({ from, to, points }) => (
            <path
              key={`${from}-${to}`}
              class={statusOf.get(from) === 'done' ? 'edge met' : 'edge'}
              d={pathOf(points)}
              marker-end={`url(#${arrow})`}
            />
          ))}
        </svg>
        <ol>
          {stages.map((stage, index) => {
            const { leftPx = 0, topPx = 0 } = layout.nodes[index] ?? {};
            return (
              <li key={stage.stage} style={{ left: `${leftPx}px`, top: `${topPx}px` }}>
                <a class={`node ${stage.status}`} href={hrefOf('projects', [id, String(stage.stage)])}>
                  <span class="node-name">
                    <span class="node-number">{stage.stage}</span> {stage.name}
                  </span>
                  <span class="node-state">
                    <StageBadge status={stage.status} why={stage.why} />
                    {stage.edited && <span class="detail">edited</span>}
                    {stage.needs.length > 0 && <span class="needs">needs {stage.needs.join(', ')}</span>}
                  </span>
                </a>
              </li>
            );
          })}
        </ol>
      </div>
    </section>
  );
}
