import { resetAll, resolvePaths } from '@ai-toolkit/toolkit';
import { type GlobalFlags, runBareCommand } from '../run-command.js';
import { confirm } from '../terminal.js';
import { configFileOf } from './config/config-file.js';

export interface ResetFlags {
  readonly all?: boolean;
  readonly yes?: boolean;
}

export function reset({ all = false, yes = false }: ResetFlags, globals: GlobalFlags): Promise<number> {
  return runBareCommand(globals, async ({ output }) => {
    if (!all) {
      throw new TypeError(
        'Say --all: it puts configuration, cache and templates back to defaults. For one of them: config reset, cache clear, templates reset.',
      );
    }
    const paths = { ...resolvePaths(process.env), configFile: configFileOf(globals) };
    const question = `Remove ${paths.configFile} (with its keys), ${paths.templates} and every stored answer? Projects stay.`;
    await confirm(question, yes, globals);
    const report = await resetAll(paths);
    if (report.cache === 'unavailable')
      throw new Error(
        `Configuration and templates are gone, but the cache in ${paths.cache} could not be opened, and was not cleared.`,
      );
    output.result(report, '');
    output.notice('Configuration, cache and templates are back to their defaults. Projects are untouched.');
    return undefined;
  });
}
