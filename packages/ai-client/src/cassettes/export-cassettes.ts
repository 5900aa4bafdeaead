import type { Cache, EntrySummary } from '@ai-toolkit/core-cache';
import type { Entry } from '../entry.js';
import { AiError } from '../errors.js';
import { type FingerprintTree, readFingerprint, shownIn } from '../explain/fingerprint-tree.js';
import { read } from '../explain/nearest.js';
import { asObject, member } from '../explain/path.js';
import type { Surface } from '../surface.js';
import { surfaceAdapter } from '../surfaces/registry.js';
import { type Cassette, recordedPart, writeCassette } from './cassette.js';
import { entryFileName } from './file-name.js';
import { CassetteFolder } from './folder.js';
import type { CassetteProblem } from './report.js';

export interface ExportCassettesOptions {
  /** Which entries. Default: all that are fresh. */
  readonly filter?: (entry: EntrySummary) => boolean;
  readonly signal?: AbortSignal;
}

export interface CassetteExport {
  /** Names of the files that hold the entries. */
  readonly files: readonly string[];
  /** Entries that could not be written, such as those stored without a fingerprint. */
  readonly problems: readonly CassetteProblem[];
}

/**
 * Writes the entries of a cache as cassettes, one a file. An entry does not hold its request: the file has the key and the
 * fingerprint in its place. It answers under that key alone, which holds base URL and tenant; what a pipeline records while
 * it runs has the request, and answers anywhere. Fails with `AI_CASSETTES_UNAVAILABLE` when the folder cannot be written.
 */
export async function exportCassettes(
  cache: Cache<Entry>,
  dir: string,
  { filter = () => true, signal }: ExportCassettesOptions = {},
): Promise<CassetteExport> {
  const folder = new CassetteFolder(dir);
  const files: string[] = [];
  const problems: CassetteProblem[] = [];
  for await (const summary of cache.entries()) {
    signal?.throwIfAborted();
    if (summary.negative || !filter(summary)) continue;
    const entry = await read(cache, summary.key);
    // It ended while the others were written.
    if (entry === undefined) continue;
    const print = readFingerprint(entry.metadata.fingerprint);
    const cassette = print === undefined ? undefined : cassetteOf(summary, entry, print);
    if (cassette === undefined) {
      problems.push({ name: summary.key, error: notDescribed(summary.key) });
      continue;
    }
    const file = entryFileName(cassette.model, summary.key);
    await folder.write(file, writeCassette(cassette), cassette);
    files.push(file);
  }
  return { files, problems };
}

function cassetteOf(
  { key, createdAt }: EntrySummary,
  entry: Entry,
  { scope, body }: FingerprintTree,
): Cassette | undefined {
  const surface = shownIn(scope.surface);
  const provider = shownIn(scope.provider);
  const model = shownIn(member(asObject(body), 'model')) ?? 'unknown';
  const { fingerprint } = entry.metadata;
  if (typeof surface !== 'string' || typeof provider !== 'string' || typeof model !== 'string')
    return undefined;
  return {
    recordedAt: createdAt,
    surface: surfaceAdapter(surface as Surface).surface,
    provider,
    model,
    key,
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...recordedPart(entry),
  };
}

function notDescribed(key: string): AiError {
  return new AiError('AI_CASSETTE_INVALID', `The entry ${key} does not say what it answers.`, {
    hint: 'It is a vector, or older than fingerprints: ask for it once past the cache to have it stored anew.',
  });
}
