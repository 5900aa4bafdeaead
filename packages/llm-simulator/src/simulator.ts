import { createServer, type Server } from 'node:http';
import { createAnswerPlanner } from './answer/planner.js';
import { createPromptCache } from './answer/prompt-cache.js';
import { createFaultBook } from './faults/book.js';
import type { FaultRule } from './faults/fault.js';
import { createEnforcer } from './limits/enforcer.js';
import type { SimulatorLimits } from './limits/limits.js';
import { resolveOptions, type SimulatorOptions } from './options.js';
import { createRequestLog, type RecordedRequest } from './request-log.js';
import { createRouter } from './router.js';
import { createStats, type SimulatorStats } from './stats.js';

/** A running simulator. */
export interface Simulator {
  /** `http://127.0.0.1:PORT`, no trailing slash. */
  readonly url: string;
  /** For `new OpenAI({ baseURL })`: ends in `/v1`. */
  readonly openaiBaseUrl: string;
  /** For `new Anthropic({ baseURL })`: without `/v1`. */
  readonly anthropicBaseUrl: string;
  readonly port: number;
  stats(): SimulatorStats;
  /** Resets the totals; requests in flight remain counted as such. */
  resetStats(): void;
  /** The last requests, newest last, secrets masked. */
  requests(): RecordedRequest[];
  /** Replaces the active faults. Throws a TypeError or RangeError that names the bad directive. */
  setFaults(...faults: readonly (string | FaultRule)[]): void;
  clearFaults(): void;
  /** Replaces the enforced limits; what was used so far stays used. */
  setLimits(limits: SimulatorLimits): void;
  /** Stops listening and drops every connection. Safe to call again. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const KEEP_ALIVE_MS = 75_000;

/**
 * Starts a simulator. Rejects with a TypeError or RangeError for bad options, and with the system's error
 * when the address cannot be listened on.
 */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const resolved = resolveOptions(options);
  const faults = createFaultBook();
  faults.set(resolved.faults);
  const enforcer = createEnforcer(resolved.limits, resolved.clock);
  const stats = createStats();
  const log = createRequestLog(resolved.rememberRequests);
  let issued = 0;
  const nextId = (): string => {
    issued += 1;
    return `sim${issued.toString(36).padStart(9, '0')}`;
  };
  const route = createRouter({
    options: resolved,
    stats,
    log,
    faults,
    enforcer,
    nextId,
    planner: createAnswerPlanner(),
    promptCache: createPromptCache(),
  });
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 }, route);
  const port = await listen(server, resolved.host, resolved.port);
  const host = resolved.host.includes(':') ? `[${resolved.host}]` : resolved.host;
  const url = `http://${host}:${port}`;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    return closing;
  };
  return {
    url,
    openaiBaseUrl: `${url}/v1`,
    anthropicBaseUrl: url,
    port,
    stats: () => stats.snapshot(),
    resetStats: () => stats.reset(),
    requests: () => log.list(),
    setFaults: (...next) => faults.set(next),
    clearFaults: () => faults.set([]),
    setLimits: (limits) => enforcer.set(limits),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
