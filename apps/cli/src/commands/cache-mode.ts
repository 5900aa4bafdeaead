import type { AiError, CacheMode } from '@ai-toolkit/ai-client';
import type { ToolkitOptions } from '@ai-toolkit/toolkit';
import { createOutput } from '../output/output.js';
import type { GlobalFlags } from '../run-command.js';

/** The flags that say how the response cache is used. */
export interface CacheFlags {
  /** False for `--no-cache`. */
  readonly cache: boolean;
  readonly refresh?: boolean;
  readonly onlyIfCached?: boolean;
}

/** The one mode that the flags ask for. Fails when they contradict each other. */
export function cacheMode({ cache, refresh, onlyIfCached }: CacheFlags): CacheMode {
  const asked: CacheMode[] = [
    ...(cache ? [] : ['bypass' as const]),
    ...(refresh === true ? ['refresh' as const] : []),
    ...(onlyIfCached === true ? ['only-if-cached' as const] : []),
  ];
  if (asked.length > 1) throw new TypeError('Give only one of --no-cache, --refresh and --only-if-cached.');
  return asked[0] ?? 'default';
}

/** The flags that say whether providers are asked at all. */
export interface OfflineFlags {
  readonly offline?: boolean;
  readonly cassettes?: string;
}

/**
 * How the toolkit is wired for them: offline, cassettes are played back; else they answer, and are recorded. What cannot be recorded
 * fails no call, and is told.
 */
export function offlineOptions(
  { offline = false, cassettes: dir }: OfflineFlags,
  globals: GlobalFlags,
): ToolkitOptions {
  if (dir === undefined) return { offline };
  const { notice } = createOutput(globals);
  const onProblem = ({ message, hint }: AiError): void => notice(`${message} ${hint}`);
  return { offline, cassettes: { dir, mode: offline ? 'replay' : 'auto', onProblem } };
}
