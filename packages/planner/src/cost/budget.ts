import { PlanError } from '../plan-error.js';

/** Money that a call may cost, set aside until it is known what it did cost. */
interface Reservation {
  /** Puts the real cost, US dollars, in place of what was set aside. Later calls do nothing. */
  settle(usd: number): void;
}

/** An amount that several stages spend from, and that they never exceed together. */
export interface Budget {
  /**
   * Sets aside the most that a stage may cost. Waits while others may still give back what this needs.
   * @throws PlanError `PLAN_BUDGET_EXCEEDED`; the reason of `signal`
   */
  reserve(title: string, usd: number, signal: AbortSignal | undefined): Promise<Reservation>;
}

/** What adding up fractions may be wrong by, US dollars. */
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
        // Sums of fractions leave crumbs behind.
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

/** Small amounts with as many digits as tell them apart, rounded up: what the message asks for must be enough. */
function dollars(usd: number): string {
  const digits = usd >= 1 || usd === 0 ? 2 : Math.min(9, 2 - Math.floor(Math.log10(usd)));
  const scale = 10 ** digits;
  return `$${(Math.ceil((usd - roundingUsd) * scale) / scale).toFixed(digits)}`;
}
