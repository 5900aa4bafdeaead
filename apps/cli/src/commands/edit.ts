import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EditedDocument } from '@ai-toolkit/planner';
import { openEditor } from '../editor.js';
import { type GlobalFlags, runCommand } from '../run-command.js';
import type { StageFlags } from './reset-stage.js';
import { staleLine } from './stage-report.js';

export function edit({ project, stage }: StageFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output, signal }) => {
    requireEditor();
    const planner = await toolkit.planner();
    let file: string | undefined;
    const folder = await mkdtemp(join(tmpdir(), 'ai-toolkit-edit-'));
    let isKept = false;
    try {
      const revision = await planner.edit(project, stage, async (document) => {
        file = await put(folder, document);
        await openEditor(file);
        isKept = true;
        signal.throwIfAborted();
        return readFile(file, 'utf8');
      });
      isKept = false;
      const { stages } = await planner.status(project);
      const stale = stages.filter(({ status }) => status === 'stale').map((one) => one.stage);
      const isChanged = revision !== undefined;
      output.result(
        { stage, changed: isChanged, ...(isChanged ? { revision } : {}), stale },
        isChanged ? `${stage}@${revision} is current.` : 'Nothing was changed.',
      );
      const line = staleLine(stages);
      if (isChanged && line !== '') output.notice(line);
      return undefined;
    } finally {
      // What a person wrote is not lost because it could not be saved.
      if (isKept) output.notice(`Your text is kept in ${file ?? folder}`);
      else await rm(folder, { recursive: true, force: true });
    }
  });
}

/** The editor that is taken for want of another needs a terminal. */
function requireEditor(): void {
  const { VISUAL = '', EDITOR = '' } = process.env;
  if (VISUAL !== '' || EDITOR !== '' || (process.stdin.isTTY && process.stdout.isTTY)) return;
  throw new TypeError('There is no editor: set EDITOR to the command of one, or use a terminal.');
}

async function put(folder: string, { stage, slug, text }: EditedDocument): Promise<string> {
  const file = join(folder, `${stage}-${slug}.md`);
  await writeFile(file, text, { mode: 0o600 });
  return file;
}
