import type { Config } from '@ai-toolkit/toolkit';
import { createServerLog, prettyDestination, type ServerLog } from '@ai-toolkit/usage/log';

/** The log of this process on stderr: readable text on a terminal, otherwise lines of JSON. */
export function createLog({ level, prompts }: Config['log']): ServerLog {
  if (!process.stderr.isTTY) return createServerLog({ level, prompts });
  const color = process.env.NO_COLOR === undefined || process.env.NO_COLOR === '';
  const destination = prettyDestination((text) => process.stderr.write(text), { color });
  return createServerLog({ level, prompts, destination });
}
