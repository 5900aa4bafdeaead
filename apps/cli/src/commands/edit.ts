import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { EditedDocument } from '@ai-toolkit/planner';
import { openEditor, requireEditor } from '../editor.js';
import { type GlobalFlags, runCommand } from '../run-command.js';
import type { StageFlags } from './reset-stage.js';
import { staleLine } from './stage-report.js';

/** The temporary file of a document, and its original text. */
interface Draft {
  readonly file: string;
  readonly text: string;
}

export function edit({ project, stage }: StageFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output, signal }) => {
    requireEditor();
    const planner = await toolkit.planner();
    const folder = await mkdtemp(join(tmpdir(), 'ai-toolkit-edit-'));
    let draft: Draft | undefined;
    try {
      const revision = await planner.edit(project, stage, async (document) => {
        draft = await put(folder, document);
        await openEditor(draft.file);
        signal.throwIfAborted();
        return readFile(draft.file, 'utf8');
      });
      draft = undefined;
      const { stages } = await planner.status(project);
      const stale = stages.filter(({ status }) => status === 'stale').map((one) => one.stage);
      const isNew = revision !== undefined;
      output.result(
        { stage, changed: isNew, ...(isNew ? { revision } : {}), stale },
        isNew ? `${stage}@${revision} is current.` : 'Nothing was changed.',
      );
      const line = staleLine(stages);
      if (isNew && line !== '') output.notice(line);
      return undefined;
    } finally {
      if (draft !== undefined && (await isChanged(draft)))
        output.notice(`Your text is kept in ${draft.file}`);
      else await rm(folder, { recursive: true, force: true });
    }
  });
}

/**
 * Whether the user changed a text that could not be saved, or whose editor was killed, and must not lose it. Files that
 * the editor left behind count as changes.
 */
async function isChanged({ file, text }: Draft): Promise<boolean> {
  if ((await readdir(dirname(file))).length > 1) return true;
  // A killed editor may have removed the file.
  const left = await readFile(file, 'utf8').catch(() => '');
  return left !== text && left.trim() !== '';
}

async function put(folder: string, { stage, slug, text }: EditedDocument): Promise<Draft> {
  const file = join(folder, `${stage}-${slug}.md`);
  await writeFile(file, text, { mode: 0o600 });
  return { file, text };
}
