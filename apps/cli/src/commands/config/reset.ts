import { resetConfigFile } from '@ai-toolkit/toolkit/config';
import { type GlobalFlags, runBareCommand } from '../../run-command.js';
import { confirm } from '../../terminal.js';
import { configFileOf } from './config-file.js';

export function configReset(
  { yes = false }: { readonly yes?: boolean },
  globals: GlobalFlags,
): Promise<number> {
  return runBareCommand(globals, async ({ output }) => {
    const file = configFileOf(globals);
    await confirm(`Remove ${file}, with the keys in it?`, yes, globals);
    await resetConfigFile(file);
    output.result({ file, reset: true }, '');
    output.notice(`${file} was removed; the defaults apply.`);
    return undefined;
  });
}
