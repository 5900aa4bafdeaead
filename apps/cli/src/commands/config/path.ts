import { existsSync } from 'node:fs';
import { type GlobalFlags, runBareCommand } from '../../run-command.js';
import { configFileOf } from './config-file.js';

export function configPath(globals: GlobalFlags): Promise<number> {
  return runBareCommand(globals, async ({ output }) => {
    const path = configFileOf(globals);
    output.result({ path, exists: existsSync(path) }, path);
    return undefined;
  });
}
