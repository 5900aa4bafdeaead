import type { AiError, CacheMode } from '@ai-toolkit/ai-client';
import type { ToolkitOptions } from '@ai-toolkit/toolkit';
import { createOutput } from '../output/output.js';
import type { GlobalFlags } from '../run-command.js';

/** Flags for the use of the response cache. */
export interface CacheFlags {
  /** False for `--no-cache`. */
  readonly cache: boolean;
  readonly refresh?: boolean;
  readonly onlyIfCached?: boolean;
}

/** The cache mode selected by the flags. Fails if they contradict each other. */
export function cacheMode({ cache, refresh, onlyIfCached }: CacheFlags): CacheMode {
  const asked: CacheMode[] = [
    ...(cache ? [] : ['bypass' as const]),
    ...(refresh === true ? ['refresh' as const] : []),
    ...(onlyIfCached === true ? ['only-if-cached' as const] : []),
  ];
  if (asked.length > 1) throw new TypeError('Give only one of --no-cache, --refresh and --only-if-cached.');
  return asked[0] ?? 'default';
}

/** Flags for the use of providers. */
export interface OfflineFlags {
  readonly offline?: boolean;
  readonly cassettes?: string;
}

/**
 * Toolkit options for these flags. Offline, cassettes are only replayed; otherwise they are replayed and recorded. A
 * failed recording does not fail the call, but is reported.
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
