import type { JSX } from 'preact';
import type { CreatedKey } from '../../api/keys.js';
import { Dialog } from '../../parts/dialog.js';
import { TextBlock } from '../../parts/text-block.js';

interface NewKeyDialogProps {
  readonly created: CreatedKey;
  readonly onClose: () => void;
}

/** Shows a new key, only once: the server stores just its hash, and the page drops it with the dialog. */
export function NewKeyDialog({ created, onClose }: NewKeyDialogProps): JSX.Element {
  return (
    // Escape does not close it: an accidental press would lose the key.
    <Dialog title={`The key for ${created.name}`} onClose={() => undefined}>
      <p class="detail">Copy it now: it is stored nowhere, and cannot be shown again.</p>
      <TextBlock label="The new key" text={created.key} copyLabel="Copy the key" wraps />
      <div class="actions">
        <button type="button" onClick={onClose}>
          I have it
        </button>
      </div>
    </Dialog>
  );
}
