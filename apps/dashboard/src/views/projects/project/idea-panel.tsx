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
export function IdeaPanel({ report, onSaved }: IdeaPanelProps): JSX.Element {
  // The report that is edited: later ones may hold changes of others.
  const [edited, setEdited] = useState<ProjectReport | null>(null);
  return (
    <section class="panel">
      <div class="section-head">
        <h3>Idea</h3>
        {edited === null && (
          <button type="button" onClick={() => setEdited(report)}>
            Edit the idea
          </button>
        )}
      </div>
      {edited !== null ? (
        <TextForm
          label="Idea"
          text={edited.idea}
          hint="Documents already made from the idea become stale."
          onSave={async (text) => {
            const { id, version } = edited.project;
            await changeProject(id, { idea: text, expectedVersion: version });
            setEdited(null);
            onSaved();
          }}
          onCancel={() => setEdited(null)}
        />
      ) : report.idea.trim() === '' ? (
        <p class="detail">There is no idea yet. Stages use the name and the description.</p>
      ) : (
        <Markdown text={report.idea} firstLevel={4} />
      )}
    </section>
  );
}
