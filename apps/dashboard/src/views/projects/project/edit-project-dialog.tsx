import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { changeProject, type ProjectReport } from '../../../api/projects.js';
import { Field } from '../../../parts/field.js';
import { FormDialog } from '../../../parts/form-dialog.js';
import { readTags } from '../read-tags.js';

interface EditProjectDialogProps {
  readonly project: ProjectReport['project'];
  readonly onClose: () => void;
  readonly onSaved: () => void;
}

/** Changes name, description and tags of a project; its folder keeps its name. */
export function EditProjectDialog(props: EditProjectDialogProps): JSX.Element {
  const { onClose, onSaved } = props;
  // As it was when the dialog opened: a later one may hold changes of others.
  const [project] = useState(props.project);
  const save = async (given: (name: string) => string): Promise<void> => {
    await changeProject(project.id, {
      name: given('name'),
      description: given('description'),
      tags: readTags(given('tags')),
      expectedVersion: project.version,
    });
    onSaved();
  };
  return (
    <FormDialog title="Edit the project" action="Save" onSubmit={save} onClose={onClose}>
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
    </FormDialog>
  );
}
