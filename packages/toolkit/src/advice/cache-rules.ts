import type { Config } from '../config/schema.js';
import {
  type Advice,
  type AdviceRule,
  type Evidence,
  isTelling,
  leastCases,
  leastShare,
  percent,
} from './advice.js';

/** What the cache loses for lack of space, lifetime or health. */
export const cacheRules: readonly AdviceRule[] = [
  tooSmall,
  lostWithoutCopy,
  tooShort,
  neverRead,
  cannotBeAsked,
];

const roomOf: Readonly<Record<string, string>> = { memory: 'cache.memoryBytes', disk: 'cache.diskBytes' };

/** An eviction whose entry was requested again would have been avoided by more space. */
function tooSmall({ tiers }: Evidence): Advice[] {
  return tiers.flatMap(({ name, evictions, returned = 0, maxBytes }) => {
    const setting = roomOf[name];
    if (setting === undefined || !isTelling(returned, evictions)) return [];
    const share = returned / evictions;
    return [
      {
        rule: `${name}-too-small`,
        finding: `${percent(share)} of what the ${name} tier gave up (${returned} of ${evictions} evictions) was asked for again soon after.`,
        action: `Raise ${setting}, which is ${mebibytes(maxBytes)}.`,
        settings: [setting],
        share,
        figures: { returned, evictions, maxBytes },
      },
    ];
  });
}

/** Misses whose answer was stored once but is no longer in any tier. */
function lostWithoutCopy({ misses }: Evidence): Advice[] {
  const evicted = misses.causes.evicted ?? 0;
  if (!isTelling(evicted, misses.looked)) return [];
  const share = evicted / misses.looked;
  return [
    {
      rule: 'lost-answers',
      finding: `${percent(share)} of misses (${evicted} of ${misses.looked} looked at) were asked and stored before, and their answers were given up or deleted.`,
      action: 'Give the disk tier more room, and clear by tag rather than everything.',
      settings: ['cache.diskBytes', 'cache.memoryBytes'],
      share,
      figures: { evicted, looked: misses.looked },
    },
  ];
}

function tooShort({ missed, calls }: Evidence, { cache }: Config): Advice[] {
  const over = missed.expired + missed.stale;
  const misses = Object.values(missed).reduce((sum, count) => sum + count, 0);
  if (!isTelling(over, misses) || calls.total === 0) return [];
  const share = over / misses;
  return [
    {
      rule: 'expired-answers',
      finding: `${percent(share)} of lookups without a fresh answer (${over} of ${misses}) found one that had outlived its time.`,
      action: `Raise cache.ttlMs, which is ${duration(cache.ttlMs)}, or what callers send as x-cache-ttl, where answers stay true for longer.`,
      settings: ['cache.ttlMs'],
      share,
      figures: { expired: over, misses },
    },
  ];
}

/** Only if hardly anything hits: with a good hit rate it is normal that most evicted entries were never read. */
function neverRead({ tiers, calls }: Evidence): Advice[] {
  const disk = tiers.find(({ name }) => name === 'disk') ?? tiers[0];
  if (disk === undefined) return [];
  const { name, evictions, unread = 0 } = disk;
  const isPoor = (calls.hitRate ?? 1) < 0.05;
  if (!isPoor || evictions < 1000 || unread / evictions < 0.9) return [];
  const share = unread / evictions;
  return [
    {
      rule: 'never-read',
      finding: `${percent(share)} of what the ${name} tier gave up (${unread} of ${evictions} evictions) was never read, and ${percent(calls.hitRate ?? 0)} of calls were spared.`,
      action:
        'Look at the classes of misses for what makes requests differ; if nothing does, less room would do as well.',
      settings: [roomOf[name] ?? 'cache.diskBytes'],
      share,
      figures: { unread, evictions },
    },
  ];
}

function cannotBeAsked({ missed, tiers }: Evidence): Advice[] {
  const { unavailable, corrupt } = missed;
  const misses = Object.values(missed).reduce((sum, count) => sum + count, 0);
  const lost = unavailable + corrupt;
  if (lost < leastCases || lost / misses < leastShare) return [];
  const share = lost / misses;
  const broken = tiers.filter(({ state }) => state === 'unavailable').map(({ name }) => name);
  return [
    {
      rule: 'tier-unavailable',
      finding: `${percent(share)} of lookups without a fresh answer (${lost} of ${misses}) met a tier that could not be asked, or a damaged entry${broken.length === 0 ? '' : `; unavailable now: ${broken.join(', ')}`}.`,
      action: 'Run ai-toolkit diagnose: it names the tier and the remedy.',
      settings: ['redis.url'],
      share,
      figures: { unavailable, corrupt, misses },
    },
  ];
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`;
}

function duration(ms: number): string {
  const hours = ms / 3_600_000;
  if (hours >= 48) return `${Math.round(hours / 24)} days`;
  if (hours >= 2) return `${Math.round(hours)} hours`;
  return ms >= 120_000 ? `${Math.round(ms / 60_000)} minutes` : `${Math.round(ms / 1000)} seconds`;
}
