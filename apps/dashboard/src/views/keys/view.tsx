import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { type CreatedKey, fetchKeys, type ListedKey, revokeKey } from '../../api/keys.js';
import { useLoaded } from '../../connection/use-loaded.js';
import { useNow } from '../../format/use-now.js';
import { ConfirmDialog } from '../../parts/confirm-dialog.js';
import { DataTable } from '../../parts/data-table.js';
import { Segmented } from '../../parts/segmented.js';
import { Empty, Failure, Loading } from '../../parts/states.js';
import { useToast } from '../../parts/toast.js';
import { ViewHeading } from '../../parts/view-heading.js';
import { CreateDialog } from './create-dialog.js';
import { keyColumns } from './key-columns.js';
import { stateOf } from './key-state.js';
import { NewKeyDialog } from './new-key-dialog.js';
import './keys.css';

/** Polled for the spending and last use of the keys. */
const refreshMs = 10_000;

type Shown = 'used' | 'all';

const choices = [
  { value: 'used', label: 'In use' },
  { value: 'all', label: 'All' },
] as const;

/** The keys of this server, with their limits and spending. */
export function View(): JSX.Element {
  const now = useNow();
  const announce = useToast();
  const { value: keys, problem, reload } = useLoaded(fetchKeys, [], { refreshMs });
  const [shown, setShown] = useState<Shown>('used');
  const [isCreating, setCreating] = useState(false);
  const [created, setCreated] = useState<CreatedKey | null>(null);
  const [revoked, setRevoked] = useState<ListedKey | null>(null);
  const columns = useMemo(() => keyColumns(now, setRevoked), [now]);
  const rows = useMemo(
    () => (keys ?? []).filter((key) => shown === 'all' || stateOf(key, Date.now()).isInUse),
    [keys, shown],
  );

  return (
    <div class="keys">
      <ViewHeading title="Keys">
        <div class="heading-actions">
          <Segmented legend="Show" name="shown" value={shown} choices={choices} onChange={setShown} />
          <button type="button" class="primary" onClick={() => setCreating(true)}>
            New key
          </button>
        </div>
      </ViewHeading>
      {problem !== null && <Failure problem={problem.message} action="Try again" onAction={reload} />}
      {keys === null && problem === null && <Loading />}
      {keys !== null && rows.length === 0 && (
        <Empty title={keys.length === 0 ? 'No keys yet' : 'No key is in use'}>
          <p>
            A key has a tenant, and may have limits, models and a budget of its own. On this machine models
            can also be asked without one, unless the setting <code>server.requireKeys</code> asks for it; on
            any other address everybody needs one.
          </p>
        </Empty>
      )}
      {rows.length > 0 && (
        <section class="panel">
          <DataTable label="Keys" columns={columns} rows={rows} keyOf={({ id }) => id} stacks />
        </section>
      )}
      {isCreating && (
        <CreateDialog
          onClose={() => setCreating(false)}
          onCreated={(key) => {
            setCreating(false);
            setCreated(key);
            reload();
          }}
        />
      )}
      {created !== null && <NewKeyDialog created={created} onClose={() => setCreated(null)} />}
      {revoked !== null && (
        <ConfirmDialog
          title={`Revoke ${revoked.name}?`}
          action="Revoke the key"
          onClose={() => setRevoked(null)}
          onConfirm={async () => {
            await revokeKey(revoked.id);
            announce(`${revoked.name} is revoked.`);
            reload();
          }}
        >
          <p>
            Whoever uses it is refused within a second, on every server that shares these keys. A revoked key
            cannot be used again.
            {revoked.role === 'admin' && ' Sessions that were opened with it end as well.'}
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}
