import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { changeProject, type ProjectReport } from '../../../api/projects.js';
import { Markdown } from '../../../parts/markdown.js';
import { TextForm } from '../text-form.js';

interface IdeaPanelProps {
  readonly report: ProjectReport;
  readonly onSaved: () => void;
}

/** The idea of the project. Every stage is made from it, so a change makes them stale. */
export function IdeaPanel({ report: { project, idea }, onSaved }: IdeaPanelProps): JSX.Element {
  const [isEditing, setEditing] = useState(false);
  return (
    <section class="panel">
      <div class="section-head">
        <h3>Idea</h3>
        {!isEditing && (
          <button type="button" onClick={() => setEditing(true)}>
            Edit the idea
          </button>
        )}
      </div>
      {isEditing ? (
        <TextForm
          label="Idea"
          text={idea}
          hint="Documents already made from the idea become stale."
          onSave={async (text) => {
            await changeProject(project.id, { idea: text, expectedVersion: project.version });
            setEditing(false);
            onSaved();
          }}
          onCancel={() => setEditing(false)}
        />
      ) : idea.trim() === '' ? (
        <p class="detail">There is no idea yet. Stages use the name and the description.</p>
      ) : (
        <Markdown text={idea} firstLevel={4} />
      )}
    </section>
  );
}
