import { resolve } from 'node:path';
import { resolvePaths } from '@ai-toolkit/toolkit';
import type { ConfigChange } from '@ai-toolkit/toolkit/config';
import type { Output } from '../../output/output.js';
import type { GlobalFlags } from '../../run-command.js';

/** The file that the `config` commands change, even if it is invalid. */
export function configFileOf({ config }: GlobalFlags): string {
  return config === undefined ? resolvePaths(process.env).configFile : resolve(config);
}

/** Says what a change has cost. */
export function noticeChange({ commentsDropped }: ConfigChange, file: string, output: Output): void {
  if (commentsDropped) output.notice(`${file} had to be rewritten: its comments were dropped.`);
}
