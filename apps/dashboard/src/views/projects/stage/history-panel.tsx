import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fetchDiff, fetchHistory, restoreRevision, type StageRevision } from '../../../api/stages.js';
import { useLoaded } from '../../../connection/use-loaded.js';
import { formatCount, formatTime, formatUsd } from '../../../format/format.js';
import { useNow } from '../../../format/use-now.js';
import { Badge } from '../../../parts/badge.js';
import { ConfirmDialog } from '../../../parts/confirm-dialog.js';
import { Field } from '../../../parts/field.js';
import { Failure, Loading } from '../../../parts/states.js';
import { useToast } from '../../../parts/toast.js';
import { DiffTable } from './diff-table.js';

interface HistoryPanelProps {
  readonly id: string;
  readonly stage: number;
  /** The current revision: when it changes, the history is loaded again. */
  readonly revision: number | null;
  readonly onRestored: () => void;
}

/** The revisions of a stage, the diff between two of them, and a button to restore one. */
export function HistoryPanel({ id, stage, revision, onRestored }: HistoryPanelProps): JSX.Element {
  const { value, problem, reload } = useLoaded(
    (signal) => fetchHistory(id, stage, signal),
    [id, stage, revision],
  );
  const [restoring, setRestoring] = useState<number | null>(null);
  const announce = useToast();
  if (problem !== null) return <Failure problem={problem.message} action="Try again" onAction={reload} />;
  if (value === null) return <Loading />;
  if (value.length === 0) return <p class="detail">There is no revision yet.</p>;
  return (
    <div class="stack">
      <ol class="revisions">
        {[...value].reverse().map((one) => (
          <RevisionEntry key={one.revision} revision={one} onRestore={() => setRestoring(one.revision)} />
        ))}
      </ol>
      <Comparison id={id} stage={stage} revisions={value} />
      {restoring !== null && (
        <ConfirmDialog
          title={`Restore revision ${restoring}?`}
          action="Restore it"
          onConfirm={async () => {
            await restoreRevision(id, stage, restoring);
            announce(`Revision ${restoring} is current again.`);
            onRestored();
          }}
          onClose={() => setRestoring(null)}
        >
          <p>Its text becomes the document, as a new revision. The current document stays in the history.</p>
        </ConfirmDialog>
      )}
    </div>
  );
}

const origins: Readonly<Record<StageRevision['origin'], string>> = {
  run: 'by a run',
  edit: 'by hand',
  restore: 'restored',
};

interface RevisionEntryProps {
  readonly revision: StageRevision;
  readonly onRestore: () => void;
}

function RevisionEntry({ revision: entry, onRestore }: RevisionEntryProps): JSX.Element {
  const now = useNow();
  const { revision, origin, current, createdAt, inputs } = entry;
  return (
    <li>
      <div class="revision-head">
        <strong>Revision {revision}</strong>
        {current && <Badge tone="good">current</Badge>}
        <span class="detail">
          {formatTime(createdAt, now)}, {origins[origin]}
          {factsOf(entry)}
        </span>
      </div>
      {inputs.length > 0 && (
        <p class="detail">Made from {inputs.map((input) => `${input.name} ${inputOf(input)}`).join(', ')}</p>
      )}
      {!current && (
        <button type="button" aria-label={`Restore revision ${revision}`} onClick={onRestore}>
          Restore
        </button>
      )}
    </li>
  );
}

function factsOf({ model, tokens, cache, costUsd }: StageRevision): string {
  const facts = [
    model,
    tokens === undefined ? undefined : `${formatCount(tokens.input + tokens.output)} tokens`,
    cache,
    costUsd === undefined ? undefined : formatUsd(costUsd),
  ].filter((fact) => fact !== undefined);
  return facts.length === 0 ? '' : `: ${facts.join(', ')}`;
}

function inputOf({ revision, edited }: StageRevision['inputs'][number]): string {
  return `${revision === 0 ? 'by hand' : `@${revision}`}${edited ? ', edited' : ''}`;
}

interface ComparisonProps {
  readonly id: string;
  readonly stage: number;
  readonly revisions: readonly StageRevision[];
}

function Comparison({ id, stage, revisions }: ComparisonProps): JSX.Element {
  const currentRevision = revisions.find(({ current }) => current)?.revision;
  const others = revisions.filter(({ revision }) => revision !== currentRevision);
  const [from, setFrom] = useState(String((others.at(-1) ?? revisions[0])?.revision ?? 1));
  const [to, setTo] = useState('current');
  const { value, problem, reload } = useLoaded(
    (signal) => fetchDiff(id, stage, from, to, signal),
    [id, stage, from, to, currentRevision ?? null],
  );
  const names = revisions.map(({ revision }) => String(revision));
  return (
    <div class="comparison">
      <div class="fields">
        <Field label="Compare">
          {(input) => <RevisionSelect input={input} names={names} value={from} onChange={setFrom} />}
        </Field>
        <Field label="With">
          {(input) => (
            <RevisionSelect input={input} names={['current', ...names]} value={to} onChange={setTo} />
          )}
        </Field>
      </div>
      {problem !== null && <Failure problem={problem.message} action="Try again" onAction={reload} />}
      {value === null && problem === null && <Loading />}
      {value !== null && <DiffTable label={`From revision ${from} to ${nameOf(to)}`} diff={value} />}
    </div>
  );
}

interface RevisionSelectProps {
  readonly input: object;
  readonly names: readonly string[];
  readonly value: string;
  readonly onChange: (name: string) => void;
}

function RevisionSelect({ input, names, value, onChange }: RevisionSelectProps): JSX.Element {
  return (
    <select {...input} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      {names.map((name) => (
        <option key={name} value={name}>
          {nameOf(name)}
        </option>
      ))}
    </select>
  );
}

function nameOf(name: string): string {
  return name === 'current' ? 'the document of now' : `revision ${name}`;
}
