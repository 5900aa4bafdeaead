import type { JSX, TargetedSubmitEvent } from 'preact';
import { useState } from 'preact/hooks';
import { changeProject, type ProjectReport } from '../../../api/projects.js';
import { asApiError } from '../../../connection/use-loaded.js';
import { Dialog } from '../../../parts/dialog.js';
import { Field } from '../../../parts/field.js';
import { Failure } from '../../../parts/states.js';
import { readTags } from '../read-tags.js';

interface EditProjectDialogProps {
  readonly project: ProjectReport['project'];
  readonly onClose: () => void;
  readonly onSaved: () => void;
}

/** Changes what lists show of a project; its folder keeps its name. */
export function EditProjectDialog({ project, onClose, onSaved }: EditProjectDialogProps): JSX.Element {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = (name: string): string => String(form.get(name) ?? '').trim();
    setBusy(true);
    setProblem(null);
    changeProject(project.id, {
      name: given('name'),
      description: given('description'),
      tags: readTags(given('tags')),
      expectedVersion: project.version,
    }).then(onSaved, (error: unknown) => {
      setBusy(false);
      setProblem(asApiError(error).message);
    });
  };
  return (
    <Dialog title="Edit the project" onClose={onClose}>
      <form class="form" onSubmit={submit}>
        <Field label="Name">
          {(input) => (
            <input {...input} name="name" type="text" required maxLength={200} defaultValue={project.name} />
          )}
        </Field>
        <Field label="Description" hint="One line, for lists.">
          {(input) => <input {...input} name="description" type="text" defaultValue={project.description} />}
        </Field>
        <Field label="Tags" hint="Separated by commas.">
          {(input) => <input {...input} name="tags" type="text" defaultValue={project.tags.join(', ')} />}
        </Field>
        {problem !== null && <Failure problem={problem} />}
        <div class="actions">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={isBusy}>
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}
