import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { LedgerCall } from '../../api/usage.js';
import { formatDuration, formatShort, formatTime, formatUsd, nothing } from '../../format/format.js';
import { outcomeOf, type Source, statusOf } from '../../format/outcome.js';
import { Segmented } from '../../parts/segmented.js';
import { hrefOf } from '../../routing/route.js';

type Filter = 'all' | Source;

const filters: readonly { readonly value: Filter; readonly label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'cached', label: 'Cache' },
  { value: 'joined', label: 'Shared' },
  { value: 'asked', label: 'Provider' },
  { value: 'failed', label: 'Failed' },
];

interface CallsTableProps {
  readonly calls: readonly LedgerCall[];
  readonly arrived: ReadonlySet<string>;
  readonly now: number;
  readonly loading: boolean;
}

/** The latest calls, newest first, updated live. */
export function CallsTable({ calls, arrived, now, loading }: CallsTableProps): JSX.Element {
  const [filter, setFilter] = useState<Filter>('all');
  const chosen = filter === 'all' ? calls : calls.filter((call) => outcomeOf(call).source === filter);
  return (
    <section class="panel calls" aria-labelledby="calls-title">
      <div class="section-head">
        <h3 id="calls-title">Recent calls</h3>
        <Segmented legend="Show" name="filter" value={filter} choices={filters} onChange={setFilter} />
      </div>
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Model</th>
            <th scope="col">Outcome</th>
            <th scope="col">Status</th>
            <th scope="col" class="number">
              Tokens
            </th>
            <th scope="col" class="number">
              Latency
            </th>
            <th scope="col" class="number">
              Cost
            </th>
          </tr>
        </thead>
        <tbody>
          {chosen.map((call) => (
            <Row
              key={`${call.requestId} ${call.startedAt}`}
              call={call}
              fresh={arrived.has(call.requestId)}
              now={now}
            />
          ))}
        </tbody>
      </table>
      {chosen.length === 0 && (
        <p class="detail empty">{loading ? 'Loading' : 'None of the latest calls match.'}</p>
      )}
    </section>
  );
}

interface RowProps {
  readonly call: LedgerCall;
  readonly fresh: boolean;
  readonly now: number;
}

function Row({ call, fresh, now }: RowProps): JSX.Element {
  const outcome = outcomeOf(call);
  return (
    <tr class={fresh ? 'fresh' : undefined}>
      <td class="time">
        <a href={hrefOf('requests', [call.requestId])}>
          <time
            dateTime={new Date(call.startedAt).toISOString()}
            title={new Date(call.startedAt).toLocaleString()}
          >
            {formatTime(call.startedAt, now)}
          </time>
        </a>
      </td>
      <td class="model">
        {call.model}
        <span class="by">
          {call.provider}
          {call.streamed && ' · streamed'}
          {call.labels?.project !== undefined && ` · ${call.labels.project}`}
        </span>
      </td>
      <td class="outcome">
        <span class={`badge source-${outcome.source}`} title={outcome.title}>
          {outcome.label}
        </span>
      </td>
      <td class={call.status === 'ok' ? 'status' : 'status failed'} title={call.errorCode}>
        {statusOf(call)}
      </td>
      <td class="number tokens">{tokensOf(call)}</td>
      <td class="number latency">{formatDuration(call.durationMs)}</td>
      <td class="number cost">{costOf(call)}</td>
    </tr>
  );
}

function tokensOf({ usage }: LedgerCall): JSX.Element | string {
  if (usage === undefined) return nothing;
  return (
    <span title={`${usage.inputTokens} tokens in, ${usage.outputTokens} out`}>
      {formatShort(usage.inputTokens)}
      <span class="arrow" aria-hidden="true">
        {' → '}
      </span>
      <span class="unseen"> in, </span>
      {formatShort(usage.outputTokens)}
      <span class="unseen"> out</span>
    </span>
  );
}

/** The savings of a call that saved something, otherwise its cost. */
function costOf(call: LedgerCall): JSX.Element | string {
  if (call.savedUsd !== null && call.savedUsd > 0) {
    return <span class="saved">{formatUsd(call.savedUsd)} saved</span>;
  }
  return formatUsd(call.billedUsd);
}
