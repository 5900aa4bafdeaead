import type { LoadConfigOptions } from '../config/load.js';
import { resolvePaths } from '../config/paths.js';
import type { ConfigError } from '../errors.js';
import type { Toolkit } from '../toolkit.js';
import { diagnoseCache } from './cache.js';
import { diagnoseClock } from './clock.js';
import { type Diagnosis, failure } from './diagnosis.js';
import { diagnoseLedger } from './ledger.js';
import { diagnoseProjects } from './projects.js';
import { diagnoseProviders } from './providers.js';
import { diagnoseRoutes } from './routes.js';
import { diagnoseSemantic } from './semantic.js';
import { diagnoseTemplates } from './templates.js';
import { diagnoseWritable } from './writable.js';

/** Checks every part that a command may need. Never fails: a failing check becomes a failure in the list. */
export async function diagnose(toolkit: Toolkit): Promise<readonly Diagnosis[]> {
  const parts: readonly (readonly [name: string, look: () => Promise<readonly Diagnosis[]>])[] = [
    ['folders', () => diagnoseWritable(toolkit.paths)],
    [
      'providers',
      async () => {
        const { diagnoses, samples } = await diagnoseProviders(toolkit);
        return [...diagnoses, await diagnoseClock(toolkit, samples)];
      },
    ],
    ['routes', () => diagnoseRoutes(toolkit)],
    ['cache', () => diagnoseCache(toolkit)],
    ['semantic cache', () => diagnoseSemantic(toolkit)],
    ['usage ledger', async () => [await diagnoseLedger(toolkit)]],
    ['projects', () => diagnoseProjects(toolkit)],
    ['templates', () => diagnoseTemplates(toolkit)],
  ];
  return (
    await Promise.all(
      parts.map(([name, look]) => look().catch((error: unknown) => [unexpected(name, error)])),
    )
  ).flat();
}

/** The checks possible without a valid configuration; `error` says why there is none. */
export async function diagnoseWithoutConfig(
  error: ConfigError,
  { environment = process.env }: LoadConfigOptions = {},
): Promise<readonly Diagnosis[]> {
  const remedy = `${error.hint} By: ai-toolkit config edit, or config unset SETTING. To look again: ai-toolkit config validate`;
  return [
    failure('configuration', error.message, remedy),
    ...(await diagnoseWritable(resolvePaths(environment))),
  ];
}

function unexpected(name: string, error: unknown): Diagnosis {
  const reason = error instanceof Error ? error.message : String(error);
  const hint = error instanceof Error && 'hint' in error ? error.hint : undefined;
  const remedy = typeof hint === 'string' ? hint : 'Try again with --verbose, and report it if it persists.';
  return failure(name, reason, remedy);
}
