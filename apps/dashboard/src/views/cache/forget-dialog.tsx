import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fetchEntries, forgetEntries } from '../../api/cache.js';
import { useLoaded } from '../../connection/use-loaded.js';
import { formatBytes, formatCount } from '../../format/format.js';
import { ConfirmDialog } from '../../parts/confirm-dialog.js';
import { Field } from '../../parts/field.js';
import { Segmented } from '../../parts/segmented.js';
import { useToast } from '../../parts/toast.js';

type Which = 'model' | 'tag' | 'all';

const choices: readonly { readonly value: Which; readonly label: string }[] = [
  { value: 'model', label: 'Of a model' },
  { value: 'tag', label: 'With a tag' },
  { value: 'all', label: 'All' },
];

interface ForgetDialogProps {
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Deletes the answers of a model, those with a tag, or all, after showing how many there are. */
export function ForgetDialog({ onClose, onDone }: ForgetDialogProps): JSX.Element {
  const [which, setWhich] = useState<Which>('model');
  const [name, setName] = useState('');
  const announce = useToast();
  const wanted = name.trim();
  const tag = which === 'model' ? `model:${wanted}` : wanted;
  const isChosen = which === 'all' || wanted !== '';
  const confirm = async (): Promise<void> => {
    if (!isChosen) throw new Error(which === 'model' ? 'Name the model.' : 'Name the tag.');
    await forgetEntries(which === 'all' ? null : tag);
    announce(which === 'all' ? 'All answers were deleted' : `The answers of ${tag} were deleted`);
    onDone();
  };
  return (
    <ConfirmDialog title="Delete stored answers" action="Delete them" onConfirm={confirm} onClose={onClose}>
      <div class="forget">
        <Segmented legend="Which answers" name="forget" value={which} choices={choices} onChange={setWhich} />
        {which !== 'all' && (
          <Field
            label={which === 'model' ? 'Model' : 'Tag'}
            hint={
              which === 'model'
                ? 'As the provider names it.'
                : 'Such as tenant:reports, surface:chat or key:ID of a gateway key.'
            }
          >
            {(input) => (
              <input
                {...input}
                type="text"
                value={name}
                onInput={(event) => setName(event.currentTarget.value)}
              />
            )}
          </Field>
        )}
        {isChosen && <Extent tag={which === 'all' ? undefined : tag} />}
        <p class="detail">The next requests for these will call the provider again, and be charged.</p>
      </div>
    </ConfirmDialog>
  );
}

/** The number of answers that would be deleted. */
function Extent({ tag }: { readonly tag: string | undefined }): JSX.Element {
  const { value, problem } = useLoaded(
    (signal) => fetchEntries({ tag, stale: true, limit: 1 }, signal),
    [tag ?? ''],
  );
  if (problem !== null) return <p class="field-error">{problem.message}</p>;
  if (value === null) return <p class="detail">Counting them</p>;
  return (
    <p role="status">
      {value.matched === 0
        ? 'No stored answer has this.'
        : `${formatCount(value.matched)} ${value.matched === 1 ? 'answer' : 'answers'}, ${formatBytes(value.bytes)}, will be gone.`}
    </p>
  );
}
