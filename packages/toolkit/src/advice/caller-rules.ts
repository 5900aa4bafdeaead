import { type Advice, type AdviceRule, type Evidence, isTelling, percent } from './advice.js';

/** Caller behaviour that keeps answers from being reused. */
export const callerRules: readonly AdviceRule[] = [noStore, refreshed, neverCached, streamsLeft];

function noStore({ misses }: Evidence): Advice[] {
  const count = misses.causes['no-store'] ?? 0;
  if (!isTelling(count, misses.looked)) return [];
  const share = count / misses.looked;
  return [
    {
      rule: 'no-store',
      finding: `${percent(share)} of misses (${count} of ${misses.looked} looked at) forbid storing the answer: no-store, or a lifetime of 0.`,
      action:
        'Let callers leave out Cache-Control: no-store and x-cache-ttl: 0 where an answer may be given again.',
      settings: [],
      share,
      figures: { noStore: count, looked: misses.looked },
    },
  ];
}

function refreshed({ calls }: Evidence): Advice[] {
  const { refresh } = calls.outcomes;
  if (!isTelling(refresh, calls.total)) return [];
  const share = refresh / calls.total;
  return [
    {
      rule: 'no-cache',
      finding: `${percent(share)} of calls (${refresh} of ${calls.total}) forbid reading the cache: no-cache.`,
      action: 'Let callers say max-age=SECONDS, the oldest answer that will do, rather than no-cache.',
      settings: ['cache.ttlMs'],
      share,
      figures: { refresh, calls: calls.total },
    },
  ];
}

function neverCached({ calls }: Evidence): Advice[] {
  const { bypass } = calls.outcomes;
  if (!isTelling(bypass, calls.total)) return [];
  const share = bypass / calls.total;
  return [
    {
      rule: 'never-cached',
      finding: `${percent(share)} of calls (${bypass} of ${calls.total}) can never be cached, since their answers depend on more than the request.`,
      action:
        'See the reasons among the recent misses: searches of the web, state at the provider and background calls belong to few requests.',
      settings: [],
      share,
      figures: { bypass, calls: calls.total },
    },
  ];
}

function streamsLeft({ calls }: Evidence): Advice[] {
  const { streamsLeft: left, streamsAsked: asked } = calls;
  if (!isTelling(left, asked)) return [];
  const share = left / asked;
  return [
    {
      rule: 'streams-left',
      finding: `${percent(share)} of streams that asked a provider (${left} of ${asked}) were left by their callers before the end: paid for, and not stored.`,
      action:
        'Ask for shorter answers (max_tokens), or let callers read to the end what they will ask for again.',
      settings: ['maxTokens'],
      share,
      figures: { left, streams: asked },
    },
  ];
}
