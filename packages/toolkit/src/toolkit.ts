import type { AiClient, Entry, Pipeline } from '@ai-toolkit/ai-client';
import type { Cache } from '@ai-toolkit/core-cache';
import type { Keyring } from '@ai-toolkit/gateway-keys';
import type { Planner, TemplateSource } from '@ai-toolkit/planner';
import type { ProjectStore } from '@ai-toolkit/project-store';
import type { AnyLimiter, Breaker } from '@ai-toolkit/rate-limit';
import type { Ledger, Metrics, PriceTable } from '@ai-toolkit/usage';
import type { Paths } from './config/paths.js';
import type { Config } from './config/schema.js';
import type { Diagnosis } from './diagnose/diagnosis.js';
import type { EffectivenessSample } from './effectiveness/sample.js';
import type { KeyAccess } from './keys/key-access.js';
import type { ModelListOptions } from './model-choice.js';
import type { ChosenProvider } from './providers/choose.js';
import type { OfferedModel } from './providers/models.js';

/**
 * All parts of AI Toolkit, wired. Each part is created on first use together with only what it needs: listing projects
 * opens no cache and calls no provider.
 */
export interface Toolkit extends AsyncDisposable {
  readonly config: Config;
  readonly paths: Paths;
  /** The providers in use, and why; the first one gets models that none claims. */
  providers(): Promise<readonly ChosenProvider[]>;
  /**
   * The route aliases and the models of all providers, or the models of one. Fails if a provider cannot be asked,
   * unless `partial` is set, and with `CONFIG_NO_PROVIDER`.
   */
  models(provider?: string, options?: ModelListOptions): Promise<readonly OfferedModel[]>;
  cache(): Promise<Cache<Entry>>;
  limiter(): Promise<AnyLimiter>;
  /** One circuit for each provider. */
  breaker(): Promise<Breaker>;
  pipeline(): Promise<Pipeline>;
  client(): Promise<AiClient>;
  prices(): Promise<PriceTable>;
  ledger(): Promise<Ledger>;
  metrics(): Promise<Metrics>;
  /** The gateway's keys. */
  keyring(): Promise<Keyring>;
  /** Enforces what the keys allow. The pipeline's call records settle admitted requests. */
  keyAccess(): Promise<KeyAccess>;
  projects(): Promise<ProjectStore>;
  planner(): Promise<Planner>;
  /** The user's templates, then the built-in ones. A project's own templates take precedence, see its planner. */
  templates(): Promise<TemplateSource>;
  /** What each layer has saved since this process started, see `reportEffectiveness`. */
  effectiveness(): Promise<EffectivenessSample>;
  /** Checks every part, see `Diagnosis`. */
  diagnose(): Promise<readonly Diagnosis[]>;
  /** Closes all parts that were created and writes pending ledger rows. Idempotent. */
  close(): Promise<void>;
}
