/** How a request ended, as the simulator sees it. */
export type Outcome = 'ok' | 'aborted' | 'faulted' | 'rate_limited' | 'rejected' | 'failed';

/** Tokens a provider would bill. `input` includes `cachedInput`; `output` includes `reasoning`. */
export interface TokenTotals {
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
  readonly reasoning: number;
}

export interface ModelTotals extends TokenTotals {
  readonly requests: number;
}

/** Totals since the start or the last reset. */
export interface SimulatorStats {
  /** Requests to provider routes that have ended. */
  readonly requests: number;
  /** Per route (such as `chat.completions`), how many ended how. */
  readonly routes: Readonly<Record<string, Readonly<Record<Outcome, number>>>>;
  readonly tokens: TokenTotals;
  /** Answered requests by model name; beyond 1,000 names the rest is counted as `(other)`. */
  readonly models: Readonly<Record<string, ModelTotals>>;
  /** 429 answers, from limits and from faults. */
  readonly rateLimited: number;
  /** Streams whose reader left before the end. */
  readonly abortedStreams: number;
  readonly inFlight: number;
  readonly maxInFlight: number;
}

/** What one ended request adds to the totals. */
interface Settlement {
  readonly route: string;
  readonly outcome: Outcome;
  readonly model: string | undefined;
  readonly stream: boolean;
  readonly tokens: TokenTotals;
}

export interface StatsKeeper {
  begin(): void;
  end(settlement: Settlement): void;
  snapshot(): SimulatorStats;
  /** Forgets everything except what is in flight. */
  reset(): void;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export const NO_TOKENS: TokenTotals = { input: 0, cachedInput: 0, output: 0, reasoning: 0 };
const MAX_MODELS = 1_000;

export function createStats(): StatsKeeper {
  let requests = 0;
  let routes: Record<string, Record<Outcome, number>> = {};
  let tokens: Mutable<TokenTotals> = { ...NO_TOKENS };
  let models = new Map<string, Mutable<ModelTotals>>();
  let rateLimited = 0;
  let abortedStreams = 0;
  let inFlight = 0;
  let maxInFlight = 0;

  const modelTotals = (model: string): Mutable<ModelTotals> => {
    const name = models.has(model) || models.size < MAX_MODELS ? model : '(other)';
    let totals = models.get(name);
    if (totals === undefined) {
      totals = { requests: 0, ...NO_TOKENS };
      models.set(name, totals);
    }
    return totals;
  };

  return {
    begin() {
      inFlight += 1;
      maxInFlight = Math.max(maxInFlight, inFlight);
    },
    end({ route, outcome, model, stream, tokens: billed }) {
      inFlight -= 1;
      requests += 1;
      routes[route] ??= { ok: 0, aborted: 0, faulted: 0, rate_limited: 0, rejected: 0, failed: 0 };
      routes[route][outcome] += 1;
      if (outcome === 'rate_limited') rateLimited += 1;
      if (outcome === 'aborted' && stream) abortedStreams += 1;
      add(tokens, billed);
      if (model === undefined) return;
      const totals = modelTotals(model);
      totals.requests += 1;
      add(totals, billed);
    },
    snapshot: () => ({
      requests,
      routes: structuredClone(routes),
      tokens: { ...tokens },
      models: Object.fromEntries([...models].map(([name, totals]) => [name, { ...totals }])),
      rateLimited,
      abortedStreams,
      inFlight,
      maxInFlight,
    }),
    reset() {
      requests = 0;
      routes = {};
      tokens = { ...NO_TOKENS };
      models = new Map();
      rateLimited = 0;
      abortedStreams = 0;
      maxInFlight = inFlight;
    },
  };
}

function add(totals: Mutable<TokenTotals>, more: TokenTotals): void {
  totals.input += more.input;
  totals.cachedInput += more.cachedInput;
  totals.output += more.output;
  totals.reasoning += more.reasoning;
}
