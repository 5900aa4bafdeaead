import type { CallRecord, CassetteOptions, Pipeline, PipelineOptions } from '@ai-toolkit/ai-client';
import type { ProjectStore } from '@ai-toolkit/project-store';
import type { LimitStore } from '@ai-toolkit/rate-limit/host';
import { openCache } from './cache/open-cache.js';
import type { LoadedConfig } from './config/load.js';
import type { Config } from './config/schema.js';
import { CallCounter } from './effectiveness/call-counter.js';
import { ConfigError } from './errors.js';
import { createKeyParts } from './keys/key-parts.js';
import { lazy } from './lazy.js';
import { createLimitParts } from './limits/limit-parts.js';
import { createModelChoice } from './model-choice.js';
import { plannerCosts } from './planner-costs.js';
import { present } from './present.js';
import { createSimulatorHandle } from './providers/simulator.js';
import type { Toolkit } from './toolkit.js';

export interface ToolkitOptions {
  /** The process ends soon: it lists projects once, so watching them would not pay off. Default: false. */
  readonly isBrief?: boolean;
  /** Called for each call that has ended, in addition to the ledger. Must not throw. */
  readonly onCall?: (record: CallRecord) => void;
  /**
   * Set if several processes serve from the same folder. Without Redis they share limits through `limitStore`, such as
   * that of their parent.
   */
  readonly peers?: { readonly limitStore: LimitStore };
  /** Never contacts a provider: calls that neither the cache nor cassettes can answer fail with `AI_NOT_CACHED`. Default: false. */
  readonly offline?: boolean;
  /** Records answers to files, or plays them back. Default: none. */
  readonly cassettes?: CassetteOptions;
}

/**
 * Wires all parts according to a configuration; the only place that constructs them. Each part is loaded on first use,
 * so listing projects does not load provider clients.
 */
export function createToolkit(
  { config, paths }: Pick<LoadedConfig, 'config' | 'paths'>,
  { isBrief = false, offline = false, cassettes, peers, onCall }: ToolkitOptions = {},
): Toolkit {
  const simulator = createSimulatorHandle();
  const effects = new CallCounter();
  const since = Date.now();

  const providers = lazy(async () =>
    (await import('./providers/choose.js')).chooseProviders(config, simulator, !offline),
  );

  const models = createModelChoice({ config, paths, providers, offline });

  const cache = lazy(() => openCache(config, paths));
  const { limiter, keyLimiter, breaker, close: closeLimits } = createLimitParts(config, peers?.limitStore);

  const prices = lazy(async () => {
    const own = Object.entries(config.prices).map(([name, price]) => [name, present(price)]);
    return (await import('@ai-toolkit/usage')).createPriceTable({ overrides: Object.fromEntries(own) });
  });

  const ledger = lazy(async () => {
    const [{ createLedger }, table] = await Promise.all([import('@ai-toolkit/usage'), prices()]);
    return createLedger({ path: paths.ledger, prices: table });
  });

  let stopWatching = (): void => undefined;
  const metrics = lazy(async () => {
    const [{ createMetrics }, { limitsSample, watchWaits }, table, tiers, calls, limits, circuits] =
      await Promise.all([
        import('@ai-toolkit/usage/metrics'),
        import('./limits-metrics.js'),
        prices(),
        cache(),
        ledger(),
        limiter(),
        breaker(),
      ]);
    const made = createMetrics({
      prices: table,
      inflight: () => openCalls(),
      cacheTiers: () => tiers.stats().tiers,
      limits: () => limitsSample(limits, circuits),
      ledgerStatus: () => calls.status(),
    });
    stopWatching = watchWaits(made.observeWait);
    return made;
  });

  const keys = createKeyParts({ config, paths, limiter: keyLimiter, prices, providers });

  let openCalls = (): number => 0;
  const pipeline = lazy(async () => {
    const [{ createPipeline }, { routesOf }, chosen, answers, limits, circuits, calls, counters] =
      await Promise.all([
        import('@ai-toolkit/ai-client'),
        import('./providers/routes-of.js'),
        providers(),
        cache(),
        limiter(),
        breaker(),
        ledger(),
        // Nobody reads the metrics of a short-lived process.
        isBrief ? undefined : metrics(),
      ]);
    const options: PipelineOptions = {
      providers: chosen.map(({ provider }) => provider),
      cache: answers,
      limiter: limits,
      breaker: circuits,
      routes: routesOf(config.routes, chosen),
      keepRequests: config.cache.keepRequests,
      recordMisses: recordsMisses(config) && !isBrief,
      coalesceWaitMs: config.redis.url === undefined && peers === undefined ? 0 : config.redis.coalesceWaitMs,
      maxCallMs: config.limits.maxCallMs,
      offline,
      ...(cassettes === undefined ? {} : { cassettes }),
      ...semanticOf(config.semantic),
      onCall: (record) => {
        calls.record(record);
        effects.count(record);
        counters?.observe(record);
        keys.settle(record);
        onCall?.(record);
      },
    };
    const made =
      config.semantic.model === undefined ? createPipeline(options) : withSemantic(createPipeline, options);
    openCalls = () => made.stats().openCalls;
    return made;
  });

  const client = lazy(async () => {
    const [{ createAiClient }, made, answers] = await Promise.all([
      import('@ai-toolkit/ai-client'),
      pipeline(),
      cache(),
    ]);
    return createAiClient({ pipeline: made, model: models.default, cache: answers });
  });

  const projects = lazy(async (): Promise<ProjectStore> => {
    const { url, schema } = config.projects;
    if (url === undefined) {
      const { createProjectStore } = await import('@ai-toolkit/project-store');
      return createProjectStore({ root: paths.projects, ...(isBrief ? { listTtlMs: 0 } : {}) });
    }
    const { createPostgresProjectStore } = await import('@ai-toolkit/project-store/postgres');
    return createPostgresProjectStore(present({ url, schema }));
  });

  const templates = lazy(async () => {
    const { createTemplateSource } = await import('@ai-toolkit/planner');
    return createTemplateSource({ templatesDir: paths.templates });
  });

  const planner = lazy(async () => {
    const [{ createPlanner }, store, source, [first]] = await Promise.all([
      import('@ai-toolkit/planner'),
      projects(),
      templates(),
      // Read-only use needs no provider; when a stage runs, the client reports the problem.
      providers().catch(() => []),
    ]);
    const model = config.model ?? first?.defaultModel;
    return createPlanner({
      store,
      // A status calls no model, so it opens neither the cache nor a connection.
      ...plannerCosts(client, prices, models.known),
      templates: source,
      ...(model === undefined ? {} : { model }),
    });
  });

  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    // In dependency order: users before the parts they use.
    await (await pipeline.made())?.close();
    stopWatching();
    await closeLimits();
    await (await keys.keyring.made())?.close();
    await (await ledger.made())?.close();
    await (await cache.made())?.close();
    await (await projects.made())?.close();
    await simulator.close();
  }

  const toolkit: Toolkit = {
    config,
    paths,
    providers,
    models: models.offered,
    cache,
    limiter,
    breaker,
    pipeline,
    client,
    prices,
    ledger,
    metrics,
    keyring: keys.keyring,
    keyAccess: keys.access,
    projects,
    planner,
    templates,
    effectiveness: async () => {
      const [{ circuitCounts, limitCounts }, made, tiers, limits, circuits] = await Promise.all([
        import('./effectiveness/sample.js'),
        pipeline(),
        cache(),
        limiter(),
        breaker(),
      ]);
      return {
        since,
        calls: effects.counts(),
        cache: tiers.stats(),
        limits: limitCounts(limits),
        secondChances: made.secondChances(),
        circuits: circuitCounts(circuits),
        misses: made.misses(),
      };
    },
    diagnose: async () => (await import('./diagnose/diagnose.js')).diagnose(toolkit),
    close: () => {
      closing ??= close();
      return closing;
    },
    [Symbol.asyncDispose]: () => toolkit.close(),
  };
  return toolkit;
}

/** If nothing is stored, there are no misses to explain. */
function recordsMisses({ cache: { enabled, ttlMs, recordMisses } }: Config): boolean {
  return enabled && ttlMs > 0 && recordMisses;
}

/** All options but the search's binary, which an installation may lack, have been checked with the configuration. */
function withSemantic(create: (options: PipelineOptions) => Pipeline, options: PipelineOptions): Pipeline {
  try {
    return create(options);
  } catch (cause) {
    throw new ConfigError(
      'CONFIG_INVALID',
      `semantic.model: ${cause instanceof Error ? cause.message : cause}`,
      {
        hint: 'Install AI Toolkit with its optional dependencies, or unset semantic.model.',
        cause,
      },
    );
  }
}

function semanticOf({ model, ...settings }: Config['semantic']): Pick<PipelineOptions, 'semantic'> {
  return model === undefined ? {} : { semantic: { embed: model, ...settings } };
}
