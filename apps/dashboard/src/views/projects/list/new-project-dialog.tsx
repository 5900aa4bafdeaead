import type { JSX, TargetedSubmitEvent } from 'preact';
import { useState } from 'preact/hooks';
import { createProject } from '../../../api/projects.js';
import { asApiError } from '../../../connection/use-loaded.js';
import { Dialog } from '../../../parts/dialog.js';
import { Field } from '../../../parts/field.js';
import { Failure } from '../../../parts/states.js';
import { hrefOf } from '../../../routing/route.js';
import { goTo } from '../../../routing/use-route.js';
import { readTags } from '../read-tags.js';

/** Asks for what a project needs, makes it and opens it. */
export function NewProjectDialog({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = (name: string): string => String(form.get(name) ?? '').trim();
    const idea = given('idea');
    setBusy(true);
    setProblem(null);
    createProject({
      name: given('name'),
      description: given('description'),
      tags: readTags(given('tags')),
      ...(idea === '' ? {} : { idea }),
    }).then(
      ({ project }) => goTo(hrefOf('projects', [project.id])),
      (error: unknown) => {
        setBusy(false);
        setProblem(asApiError(error).message);
      },
    );
  };
  return (
    <Dialog title="New project" onClose={onClose}>
      <form class="form" onSubmit={submit}>
        <Field label="Name">
          {(input) => (
            <input {...input} name="name" type="text" required maxLength={200} autoComplete="off" />
          )}
        </Field>
        <Field label="Description" hint="One line, for lists.">
          {(input) => <input {...input} name="description" type="text" autoComplete="off" />}
        </Field>
        <Field
          label="Idea"
          hint="What is to be made, as long as you like. Without one, stages go by the description."
        >
          {(input) => <textarea {...input} name="idea" rows={6} />}
        </Field>
        <Field label="Tags" hint="Separated by commas.">
          {(input) => <input {...input} name="tags" type="text" autoComplete="off" />}
        </Field>
        {problem !== null && <Failure problem={problem} />}
        <div class="actions">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={isBusy}>
            Make it
          </button>
        </div>
      </form>
    </Dialog>
  );
}
