import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { ListedKey } from '../../api/keys.js';
import type { LedgerCall } from '../../api/usage.js';
import { formatDuration, formatShort, formatTime, nothing } from '../../format/format.js';
import { outcomeOf, statusOf } from '../../format/outcome.js';
import { useNow } from '../../format/use-now.js';
import { type Column, DataTable } from '../../parts/data-table.js';
import { hrefOf } from '../../routing/route.js';
import { costText } from './cost-text.js';
import { identityOf } from './merge-calls.js';

interface RequestTableProps {
  readonly calls: readonly LedgerCall[];
  readonly keys: readonly ListedKey[];
  readonly onEnd: () => void;
}

export function RequestTable({ calls, keys, onEnd }: RequestTableProps): JSX.Element {
  const now = useNow();
  const columns = useMemo(() => columnsOf(keys, now), [keys, now]);
  return (
    <DataTable label="List of requests" columns={columns} rows={calls} keyOf={identityOf} onEnd={onEnd} />
  );
}

function columnsOf(keys: readonly ListedKey[], now: number): readonly Column<LedgerCall>[] {
  const names = new Map(keys.map(({ id, name }) => [id, name]));
  return [
    {
      name: 'time',
      title: 'Time',
      isRowHeader: true,
      width: '106px',
      cell: (call) => <TimeLink call={call} now={now} />,
    },
    { name: 'model', title: 'Model', width: 'auto', cell: (call) => <Model call={call} /> },
    { name: 'outcome', title: 'Outcome', width: '98px', cell: (call) => <Outcome call={call} /> },
    { name: 'status', title: 'Status', isWide: true, width: '76px', cell: (call) => <Status call={call} /> },
    {
      name: 'whose',
      title: 'Key, tenant',
      isWide: true,
      width: '13%',
      cell: (call) => whoseText(call, names),
    },
    {
      name: 'tokens',
      title: 'Tokens',
      isNumber: true,
      isWide: true,
      width: '112px',
      sortBy: ({ usage }) => (usage === undefined ? null : usage.inputTokens + usage.outputTokens),
      cell: tokensText,
    },
    {
      name: 'latency',
      title: 'Latency',
      isNumber: true,
      width: '98px',
      sortBy: ({ durationMs }) => durationMs,
      cell: ({ durationMs }) => formatDuration(durationMs),
    },
    {
      name: 'cost',
      title: 'Cost',
      isNumber: true,
      isWide: true,
      width: '122px',
      sortBy: ({ billedUsd }) => billedUsd,
      cell: (call) => {
        const { text, isSaved } = costText(call);
        return isSaved ? <span class="saved">{text}</span> : text;
      },
    },
  ];
}

function TimeLink({ call, now }: { readonly call: LedgerCall; readonly now: number }): JSX.Element {
  const { requestId, startedAt } = call;
  return (
    <a href={hrefOf('requests', [requestId])}>
      <time dateTime={new Date(startedAt).toISOString()} title={new Date(startedAt).toLocaleString()}>
        {formatTime(startedAt, now)}
      </time>
    </a>
  );
}

function Model({ call: { model, provider, streamed } }: { readonly call: LedgerCall }): JSX.Element {
  return (
    <span title={`${model} of ${provider}${streamed ? ', streamed' : ''}`}>
      <span class="model-name">{model}</span>
      <span class="by">{provider}</span>
    </span>
  );
}

function Outcome({ call }: { readonly call: LedgerCall }): JSX.Element {
  const { source, label, title } = outcomeOf(call);
  return (
    <span class={`badge source-${source}`} title={title}>
      {label}
    </span>
  );
}

function Status({ call }: { readonly call: LedgerCall }): JSX.Element {
  const { status, errorCode } = call;
  return (
    <span class={status === 'ok' ? undefined : 'failed'} title={errorCode}>
      {statusOf(call)}
    </span>
  );
}

function whoseText({ labels, tenant }: LedgerCall, names: ReadonlyMap<string, string>): string {
  const key = labels?.key;
  const whose = [
    key === undefined ? undefined : (names.get(key) ?? key),
    tenant === 'default' ? undefined : tenant,
    labels?.project,
  ];
  return whose.filter(Boolean).join(' · ') || nothing;
}

function tokensText({ usage }: LedgerCall): string {
  return usage === undefined
    ? nothing
    : `${formatShort(usage.inputTokens)} → ${formatShort(usage.outputTokens)}`;
}
