import { PlanError } from '../plan-error.js';

/** Money set aside for a call until its actual cost is known. */
interface Reservation {
  /** Replaces the reserved amount by the actual cost, US dollars. Later calls do nothing. */
  settle(usd: number): void;
}

/** An amount shared by several stages, which together never exceed it. */
export interface Budget {
  /**
   * Reserves the most that a stage may cost. Waits while running stages may still return enough.
   * @throws PlanError `PLAN_BUDGET_EXCEEDED`; the reason of `signal`
   */
  reserve(title: string, usd: number, signal: AbortSignal | undefined): Promise<Reservation>;
}

/** Tolerance for rounding errors in sums, US dollars. */
const roundingUsd = 1e-9;

/** @throws RangeError unless `maxUsd` is a number of at least 0 */
export function createBudget(maxUsd: number): Budget {
  if (typeof maxUsd !== 'number' || !(maxUsd >= 0 && Number.isFinite(maxUsd))) {
    throw new RangeError(`maxCost must be a number of US dollars, at least 0, received ${String(maxUsd)}`);
  }
  const limit = maxUsd + roundingUsd;
  let spent = 0;
  let reserved = 0;
  let open = 0;
  let settlement = Promise.withResolvers<void>();

  function hold(usd: number): Reservation {
    reserved += usd;
    open += 1;
    let settled = false;
    return {
      settle(cost) {
        if (settled) return;
        settled = true;
        open -= 1;
        // Removes accumulated rounding errors.
        reserved = open === 0 ? 0 : reserved - usd;
        spent += cost;
        settlement.resolve();
        settlement = Promise.withResolvers();
      },
    };
  }

  return {
    async reserve(title, usd, signal) {
      for (;;) {
        signal?.throwIfAborted();
        if (spent + reserved + usd <= limit) return hold(usd);
        if (spent + usd > limit || open === 0) throw exceeded(title, usd, spent, maxUsd);
        await orAborted(settlement.promise, signal);
      }
    },
  };
}

async function orAborted(event: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return event;
  const aborted = Promise.withResolvers<void>();
  const leave = (): void => aborted.resolve();
  signal.addEventListener('abort', leave, { once: true });
  try {
    await Promise.race([event, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

function exceeded(title: string, usd: number, spent: number, maxUsd: number): PlanError {
  const left = Math.max(0, maxUsd - spent);
  return new PlanError(
    'PLAN_BUDGET_EXCEEDED',
    `${title} may cost up to ${dollars(usd)}, and of the budget of ${dollars(maxUsd)} ${dollars(left)} is left.`,
    {
      hint: `Allow ${dollars(spent + usd)} or more, set a smaller maxTokens, or choose a cheaper model. Finished stages stay finished.`,
    },
  );
}

/** Formats small amounts with enough digits to distinguish them, rounded up: the amount the message suggests must suffice. */
function dollars(usd: number): string {
  const digits = usd >= 1 || usd === 0 ? 2 : Math.min(9, 2 - Math.floor(Math.log10(usd)));
  const scale = 10 ** digits;
  return `$${(Math.ceil((usd - roundingUsd) * scale) / scale).toFixed(digits)}`;
}
