import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { type StageReport, writeDocument } from '../../../api/stages.js';
import { CopyButton } from '../../../parts/copy-button.js';
import { Markdown } from '../../../parts/markdown.js';
import { useToast } from '../../../parts/toast.js';
import { TextForm } from '../text-form.js';

interface DocumentPanelProps {
  readonly id: string;
  readonly stage: StageReport;
  /** Text of a current or interrupted run to show instead of the document; null to show the document. */
  readonly said: string | null;
  readonly onSaved: () => void;
}

/** The document of a stage, to read or edit by hand. */
export function DocumentPanel({ id, stage, said, onSaved }: DocumentPanelProps): JSX.Element {
  const [isEditing, setEditing] = useState(false);
  const announce = useToast();
  const text = stage.document?.text ?? null;

  if (isEditing) {
    return (
      <TextForm
        label={`Document of ${stage.name}`}
        text={text ?? ''}
        hint="In Markdown. What it replaces stays in the history; what depends on it becomes stale."
        onSave={async (changed) => {
          await writeDocument(id, stage.stage, changed);
          announce('The document is kept.');
          setEditing(false);
          onSaved();
        }}
        onCancel={() => setEditing(false)}
      />
    );
  }
  if (said !== null)
    return <Said text={said} isGoingOn={stage.document !== null || stage.partialText !== said} />;
  return (
    <>
      <div class="document-tools">
        {text !== null && <CopyButton text={text} label="Copy the Markdown" />}
        <button type="button" onClick={() => setEditing(true)}>
          {text === null ? 'Write it by hand' : 'Edit'}
        </button>
      </div>
      {text === null ? (
        <p class="detail">There is no document yet. Run the stage, or write it by hand.</p>
      ) : (
        <Markdown text={text} />
      )}
    </>
  );
}

function Said({ text, isGoingOn }: { readonly text: string; readonly isGoingOn: boolean }): JSX.Element {
  return (
    <div class="said" aria-busy={isGoingOn}>
      {text === '' ? <p class="detail">No messages yet.</p> : <Markdown text={text} />}
    </div>
  );
}
