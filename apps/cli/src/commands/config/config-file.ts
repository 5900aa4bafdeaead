import { resolve } from 'node:path';
import { resolvePaths } from '@ai-toolkit/toolkit';
import type { GlobalFlags } from '../../run-command.js';

/** The file that the `config` commands change, even if it is invalid. */
export function configFileOf({ config }: GlobalFlags): string {
  return config === undefined ? resolvePaths(process.env).configFile : resolve(config);
}
