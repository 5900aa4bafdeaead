import { showEntry } from '@ai-toolkit/ai-client';
import type { Cache, EntrySummary } from '@ai-toolkit/core-cache';
import {
  type ClearSelection,
  clearEntries,
  findKey,
  notStored,
  type Toolkit,
  tierPlace,
} from '@ai-toolkit/toolkit';
import { exitCode, exitCodeOf } from '../../exit-code.js';
import { minuteOf } from '../../output/moment.js';
import { table } from '../../output/table.js';
import { type Context, type GlobalFlags, runCommand } from '../../run-command.js';

export function cacheList({ limit }: { readonly limit?: number }, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const cache = await toolkit.cache();
    const found: EntrySummary[] = [];
    for await (const entry of cache.entries({ includeStale: true })) found.push(entry);
    requireUsable(cache, toolkit);
    const entries = found.sort((a, b) => b.createdAt - a.createdAt).slice(0, limit);
    const now = Date.now();
    const rows = entries.map(({ key, size, createdAt, expiresAt, tags }) => [
      key.slice(0, 12),
      tagOf(tags, 'model') ?? '-',
      String(size),
      minuteOf(createdAt),
      expiresAt <= now ? 'stale' : minuteOf(expiresAt),
      tags.filter((tag) => !tag.startsWith('model:')).join(' '),
    ]);
    output.result(
      { entries: entries.map(plain) },
      rows.length === 0 ? '' : table([['key', 'model', 'bytes', 'stored', 'until', 'tags'], ...rows]),
    );
    if (found.length > entries.length) output.notice(`${found.length - entries.length} more: --limit`);
    if (found.length === 0) output.notice('The cache is empty.');
    return undefined;
  });
}

export function cacheShow(typed: string, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const cache = await toolkit.cache();
    const key = await findKey(cache, typed);
    const found = await cache.inspect(key);
    if (found.status !== 'hit' && found.status !== 'stale') throw notStored(key);
    const shown = showEntry(found.value);
    const { createdAt, expiresAt, tier } = found;
    output.result(
      { key, status: found.status, tier, createdAt, expiresAt: orNull(expiresAt), ...shown },
      JSON.stringify(shown.answer ?? null, null, 2),
    );
    output.notice(
      `${shown.model ?? 'unknown model'}, ${found.status} in ${tier}, stored ${minuteOf(createdAt)}, expires ${minuteOf(expiresAt)}`,
    );
    return undefined;
  });
}

export function cacheDelete(typed: readonly string[], globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const cache = await toolkit.cache();
    // Resolve all keys before deleting any: a wrong key changes nothing.
    const keys = new Set(await Promise.all(typed.map((text) => findKey(cache, text))));
    const results = await Promise.all(
      [...keys].map(async (key) => ({ key, wasThere: await cache.delete(key) })),
    );
    const deleted = results.filter(({ wasThere }) => wasThere).map(({ key }) => key);
    const missing = results.find(({ wasThere }) => !wasThere);
    if (missing !== undefined && deleted.length === 0) throw notStored(missing.key);
    output.result({ deleted }, deleted.join('\n'));
    return missing === undefined ? exitCode.done : exitCode.notFound;
  });
}

export interface ClearFlags {
  readonly all?: boolean;
  readonly project?: string;
  readonly namespace?: string;
  /** Minimum age, ms. */
  readonly olderThan?: number;
}

export function cacheClear(flags: ClearFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async (context) => {
    const { toolkit, output } = context;
    const cache = await toolkit.cache();
    const removed = await clearEntries(cache, await selectionOf(flags, context));
    requireUsable(cache, toolkit);
    output.result({ removed }, `${removed} removed`);
    return undefined;
  });
}

async function selectionOf(
  { all, project, namespace, olderThan }: ClearFlags,
  { toolkit }: Context,
): Promise<ClearSelection> {
  const asked = [all === true, project !== undefined, namespace !== undefined, olderThan !== undefined];
  if (asked.filter(Boolean).length !== 1)
    throw new TypeError('Say what to clear with one of --all, --project, --namespace and --older-than.');
  if (project !== undefined) return { project: await idOf(project, toolkit) };
  if (namespace !== undefined) return { namespace };
  return olderThan === undefined ? { all: true } : { olderThanMs: olderThan };
}

/** The id of the project. A deleted project's answers can be found by its full id. */
async function idOf(reference: string, toolkit: Toolkit): Promise<string> {
  try {
    return (await (await toolkit.projects()).get(reference)).id;
  } catch (error) {
    if (exitCodeOf(error) === exitCode.notFound) return reference;
    throw error;
  }
}

/** Fails if a tier is unavailable: finding nothing then does not mean that nothing is there. */
function requireUsable(cache: Cache<unknown>, toolkit: Toolkit): void {
  const off = cache.stats().tiers.find(({ state }) => state === 'unavailable');
  if (off === undefined) return;
  const hint = 'To see why, and what to do: ai-toolkit diagnose';
  const place = tierPlace(off.name, toolkit);
  throw Object.assign(new Error(`The ${off.name} cache cannot be used (${place}).`), { hint });
}

function plain({ expiresAt, ...entry }: EntrySummary): object {
  return { ...entry, expiresAt: orNull(expiresAt) };
}

/** JSON has no infinity. */
function orNull(expiresAt: number): number | null {
  return expiresAt === Number.POSITIVE_INFINITY ? null : expiresAt;
}

function tagOf(tags: readonly string[], name: string): string | undefined {
  return tags.find((tag) => tag.startsWith(`${name}:`))?.slice(name.length + 1);
}
