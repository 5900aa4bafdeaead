/** Limits to enforce, per API key and model. A limit that is zero or missing is not enforced. */
export interface SimulatorLimits {
  readonly requestsPerMinute?: number;
  /** Input and output tokens together. */
  readonly tokensPerMinute?: number;
  /** Input tokens; on Anthropic's routes, those read from the prompt cache excepted. */
  readonly inputTokensPerMinute?: number;
  readonly outputTokensPerMinute?: number;
  /** How much may be taken at once, in ms of refill. Default 60000. Only for `continuous`. */
  readonly burstMs?: number;
  /** `continuous` (default) refills steadily; `fixed-window` starts anew every full minute. */
  readonly mode?: 'continuous' | 'fixed-window';
  /** Whether responses report the limits (rate-limit headers, Retry-After). Default true. */
  readonly announce?: boolean;
}

const AMOUNTS = [
  'requestsPerMinute',
  'tokensPerMinute',
  'inputTokensPerMinute',
  'outputTokensPerMinute',
] as const;
const KNOWN = new Set<string>([...AMOUNTS, 'burstMs', 'mode', 'announce']);

/** Checks limits from a caller or from the wire. Throws a TypeError or RangeError naming the property. */
export function checkLimits(limits: SimulatorLimits): SimulatorLimits {
  for (const key of Object.keys(limits))
    if (!KNOWN.has(key)) throw new TypeError(`Unknown limit "${key}". Known: ${[...KNOWN].join(', ')}.`);
  for (const key of AMOUNTS) {
    const value = limits[key];
    if (value !== undefined && !(Number.isFinite(value) && value >= 0))
      throw new RangeError(`The limit "${key}" is a number ≥ 0, not ${String(value)}.`);
  }
  const { burstMs, mode, announce } = limits;
  if (burstMs !== undefined && !(Number.isFinite(burstMs) && burstMs > 0))
    throw new RangeError(`The limit "burstMs" is a number > 0, not ${String(burstMs)}.`);
  if (mode !== undefined && mode !== 'continuous' && mode !== 'fixed-window')
    throw new RangeError(`The limit "mode" is continuous or fixed-window, not ${String(mode)}.`);
  if (announce !== undefined && typeof announce !== 'boolean')
    throw new TypeError(`The limit "announce" is true or false, not ${String(announce)}.`);
  return limits;
}
