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
 * Everything of AI Toolkit, wired. Each part is made when it is first asked for, and asks for nothing that it does not
 * need: a list of projects opens no cache and calls no provider.
 */
export interface Toolkit extends AsyncDisposable {
  readonly config: Config;
  readonly paths: Paths;
  /** Who answers, and why; the first is asked for models that none claims. */
  providers(): Promise<readonly ChosenProvider[]>;
  /**
   * The aliases of routes and what the providers offer, or what one of them does. Fails when one cannot be asked, unless the list may be
   * partial, and with `CONFIG_NO_PROVIDER`.
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
  /** What the keys may do. Records of the pipeline settle what it let in. */
  keyAccess(): Promise<KeyAccess>;
  projects(): Promise<ProjectStore>;
  planner(): Promise<Planner>;
  /** The user's templates, before the built-in ones. A project may have others before them: see its planner. */
  templates(): Promise<TemplateSource>;
  /** What each layer has saved since this process began: see `reportEffectiveness`. */
  effectiveness(): Promise<EffectivenessSample>;
  /** Looks at every part; see `Diagnosis`. */
  diagnose(): Promise<readonly Diagnosis[]>;
  /** Closes what was made, the ledger's last rows written. Idempotent. */
  close(): Promise<void>;
}
