import type { JSX } from 'preact';
import { createProject } from '../../../api/projects.js';
import { Field } from '../../../parts/field.js';
import { FormDialog } from '../../../parts/form-dialog.js';
import { hrefOf } from '../../../routing/route.js';
import { goTo } from '../../../routing/use-route.js';
import { readTags } from '../read-tags.js';

/** Creates a project and opens it. */
export function NewProjectDialog({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const create = async (given: (name: string) => string): Promise<void> => {
    const idea = given('idea');
    const { project } = await createProject({
      name: given('name'),
      description: given('description'),
      tags: readTags(given('tags')),
      ...(idea === '' ? {} : { idea }),
    });
    goTo(hrefOf('projects', [project.id]));
  };
  return (
    <FormDialog title="New project" action="Make it" onSubmit={create} onClose={onClose}>
      <Field label="Name">
        {(input) => <input {...input} name="name" type="text" required maxLength={200} autoComplete="off" />}
      </Field>
      <Field label="Description" hint="One line, for lists.">
        {(input) => <input {...input} name="description" type="text" autoComplete="off" />}
      </Field>
      <Field label="Idea" hint="What is to be built, at any length. Without one, stages use the description.">
        {(input) => <textarea {...input} name="idea" rows={6} />}
      </Field>
      <Field label="Tags" hint="Separated by commas.">
        {(input) => <input {...input} name="tags" type="text" autoComplete="off" />}
      </Field>
    </FormDialog>
  );
}
