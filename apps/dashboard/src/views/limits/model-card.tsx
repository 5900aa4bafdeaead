import type { JSX } from 'preact';
import type { LimitState } from '../../api/limits.js';
import { formatCount, formatDuration } from '../../format/format.js';
import { Badge, type Tone } from '../../parts/badge.js';
import { LimitGauges } from './limit-gauges.js';

interface Flow {
  readonly tone: Tone;
  readonly label: string;
  readonly title: string;
}

const flows: Readonly<Record<LimitState['pressure'], Flow>> = {
  none: { tone: 'good', label: 'flowing', title: 'New calls are let through at once.' },
  queueing: { tone: 'info', label: 'queueing', title: 'Calls wait for their turn.' },
  shedding: {
    tone: 'warn',
    label: 'shedding',
    title: 'The queue is full: more urgent calls displace less urgent ones.',
  },
  refusing: {
    tone: 'bad',
    label: 'refusing',
    title: 'New calls would wait longer than allowed, and are refused.',
  },
};

/** A model of a provider: the use of each limit, the queue, and the outcomes of calls. */
export function ModelCard({
  model,
  state,
}: {
  readonly model: string;
  readonly state: LimitState;
}): JSX.Element {
  const flow = flowOf(state);
  return (
    <li class="model-card" data-testid={`limits of ${model}`}>
      <p class="model-line">
        <span class="model-name">{model}</span>
        <Badge tone={flow.tone} title={flow.title}>
          {flow.label}
        </Badge>
      </p>
      <LimitGauges state={state} />
      <p class="detail">{queueText(state)}</p>
      <p class="detail">{countsText(state)}</p>
    </li>
  );
}

function flowOf({ gate, pressure }: LimitState): Flow {
  if (gate.state === 'open') return flows[pressure];
  const restMs = Math.max(0, gate.opensAt - Date.now());
  return {
    tone: 'bad',
    label: `paused ${formatDuration(Math.ceil(restMs / 100) * 100)}`,
    title: 'After a 429, no call is let through until the provider accepts calls again.',
  };
}

function queueText({ queue }: LimitState): string {
  const { depth, tenants, expectedWaitMs } = queue;
  const wait = expectedWaitMs < 1 ? 'no wait to expect' : `about ${formatDuration(expectedWaitMs)} to wait`;
  if (depth === 0) return `Nobody is waiting, ${wait}`;
  const whose = tenants > 1 ? ` of ${formatCount(tenants)} tenants` : '';
  return `${formatCount(depth)} ${depth === 1 ? 'waits' : 'wait'}${whose}, ${wait}`;
}

function countsText({ counts, waits }: LimitState): string {
  const { granted, refused, shed, rateLimited, failed } = counts;
  return [
    `${formatCount(granted)} let through`,
    waits.count > 0 &&
      `${formatCount(waits.count)} waited, ${formatDuration(waits.totalMs / waits.count)} on average`,
    rateLimited > 0 && `${formatCount(rateLimited)} answered 429`,
    refused + shed > 0 && `${formatCount(refused + shed)} refused here`,
    failed > 0 && `${formatCount(failed)} failed`,
  ]
    .filter(Boolean)
    .join(' · ');
}
