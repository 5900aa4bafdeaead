import { chmod } from 'node:fs/promises';
import { changeConfigFile, reviewConfigFile } from '@ai-toolkit/toolkit/config';
import { openEditor, requireEditor } from '../../editor.js';
import { type GlobalFlags, runBareCommand } from '../../run-command.js';
import { configFileOf } from './config-file.js';

export function configEdit(globals: GlobalFlags): Promise<number> {
  return runBareCommand(globals, async ({ output }) => {
    requireEditor();
    const file = configFileOf(globals);
    // An editor might create the file readable for others.
    await changeConfigFile(file, (text) =>
      text === '' ? `# See ai-toolkit config list for all settings.\n` : text,
    );
    await openEditor(file);
    await chmod(file, 0o600);
    const { problem } = await reviewConfigFile(file);
    if (problem !== undefined) throw problem;
    output.result({ path: file, valid: true }, file);
    return undefined;
  });
}
