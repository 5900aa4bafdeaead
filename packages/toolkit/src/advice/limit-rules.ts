import type { Config } from '../config/schema.js';
import { type Advice, type AdviceRule, type Evidence, isTelling, leastCases, percent } from './advice.js';

/** The cost of limits, retries and circuits. */
export const limitRules: readonly AdviceRule[] = [
  turnedAway,
  longWaits,
  refusedHere,
  vainRetries,
  manyFallbacks,
  openCircuits,
];

/** A 429 costs an attempt and blocks the model for all calls, so one in a hundred already justifies a limit. */
function turnedAway({ limits }: Evidence, { limits: set }: Config): Advice[] {
  const { suffered, granted } = limits;
  if (suffered < 10 || granted === 0 || suffered / granted < 0.01) return [];
  const isSet = set.requestsPerMinute !== undefined || set.tokensPerMinute !== undefined;
  return [
    {
      rule: 'rate-limited',
      finding: `Providers answered ${suffered} of ${granted} attempts (${percent(suffered / granted)}) with 429; ${limits.avoided} calls waited for their turn instead.`,
      action: isSet
        ? 'Lower limits.requestsPerMinute or limits.tokensPerMinute to what the account allows: others may use it as well.'
        : 'Set limits.requestsPerMinute and limits.tokensPerMinute to what the account allows, so that calls wait before they are turned away.',
      settings: ['limits.requestsPerMinute', 'limits.tokensPerMinute', 'limits.maxConcurrent'],
      share: Math.min(1, suffered / granted),
      figures: { suffered, granted, avoided: limits.avoided },
    },
  ];
}

const longWaitMs = 5000;

function longWaits({ limits }: Evidence): Advice[] {
  const { count, p50Ms = 0, p95Ms = 0 } = limits.waits;
  if (count < leastCases || p95Ms < longWaitMs) return [];
  return [
    {
      rule: 'long-waits',
      finding: `${count} calls waited for limits: half of them up to ${seconds(p50Ms)}, one in twenty ${seconds(p95Ms)} or longer.`,
      action:
        'Ask the provider for a higher limit, give the model a second target or a fallback in routes, or lower limits.maxWaitMs so that callers hear sooner.',
      settings: ['routes', 'limits.maxWaitMs'],
      share: limits.granted === 0 ? 0 : Math.min(1, count / limits.granted),
      figures: { count, p50Ms, p95Ms },
    },
  ];
}

function refusedHere({ limits }: Evidence): Advice[] {
  const refused = limits.refused + limits.shed;
  const asked = limits.granted + refused;
  if (!isTelling(refused, asked)) return [];
  const share = refused / asked;
  return [
    {
      rule: 'refused',
      finding: `${percent(share)} of calls for a provider (${refused} of ${asked}) were refused here, since they would have waited too long or the queue was full.`,
      action: 'Raise limits.maxWaitMs and limits.maxQueue if callers can wait, or share the load by routes.',
      settings: ['limits.maxWaitMs', 'limits.maxQueue', 'routes'],
      share,
      figures: { refused, asked },
    },
  ];
}

function vainRetries({ secondChances }: Evidence): Advice[] {
  const { retriedCalls, retriesPaidOff, retries } = secondChances;
  if (retriedCalls < leastCases || retriesPaidOff / retriedCalls >= 0.25) return [];
  return [
    {
      rule: 'vain-retries',
      finding: `Of ${retriedCalls} calls that were tried again, ${retriesPaidOff} had their answer by it: ${retries} further attempts for little.`,
      action:
        'Give the model a fallback in routes: another provider is more likely to answer than the same one again.',
      settings: ['routes'],
      share: 1 - retriesPaidOff / retriedCalls,
      figures: { retriedCalls, retriesPaidOff, retries },
    },
  ];
}

function manyFallbacks({ secondChances, calls }: Evidence): Advice[] {
  const { fallbacks, fallbacksPaidOff } = secondChances;
  const asked = calls.outcomes.miss + calls.outcomes.refresh + calls.outcomes.bypass;
  if (!isTelling(fallbacks, asked)) return [];
  return [
    {
      rule: 'many-fallbacks',
      finding: `${fallbacks} of ${asked} calls that asked a provider needed a fallback; ${fallbacksPaidOff} of them were answered by it.`,
      action:
        'Put the provider that answers first in routes, or look at why the first one fails: /api/limits has its circuit.',
      settings: ['routes'],
      share: Math.min(1, fallbacks / asked),
      figures: { fallbacks, fallbacksPaidOff, asked },
    },
  ];
}

function openCircuits({ circuits, calls }: Evidence): Advice[] {
  const { openings, open } = circuits;
  if (openings < 3) return [];
  return [
    {
      rule: 'open-circuits',
      finding: `A provider kept failing and was left alone ${openings} times${open > 0 ? '; one is now' : ''}.`,
      action: 'Give its models a fallback in routes; see when it happened in the history of /api/limits.',
      settings: ['routes'],
      share: calls.total === 0 ? 0 : Math.min(1, calls.failed / calls.total),
      figures: { openings, open, failed: calls.failed },
    },
  ];
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}
