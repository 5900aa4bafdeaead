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
import { questionOfEntry } from './kept-request.js';
import type { CassetteProblem } from './report.js';

export interface ExportCassettesOptions {
  /** Selects entries. Default: all fresh ones. */
  readonly filter?: (entry: EntrySummary) => boolean;
  readonly signal?: AbortSignal;
}

export interface CassetteExport {
  /** Names of the files written. */
  readonly files: readonly string[];
  /** Entries that could not be exported, such as those without a fingerprint. */
  readonly problems: readonly CassetteProblem[];
}

/**
 * Exports the entries of a cache as cassettes, one per file, with their keys. With its request, a cassette answers it anywhere, like those
 * that a pipeline records; but the answers of a tenant remain its own. Without the request (no `keepRequests`, or too long to keep), the
 * file has only its fingerprint, and answers only under its original key, which covers base URL and tenant. Fails with
 * `AI_CASSETTES_UNAVAILABLE` if the folder cannot be written.
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
    // It expired while the others were being written.
    if (entry === undefined) continue;
    const print = readFingerprint(entry.metadata.fingerprint);
    const cassette = print === undefined ? undefined : cassetteOf(summary, entry, print);
    if (cassette === undefined) {
      problems.push({ name: summary.key, error: notDescribed(summary.key) });
      continue;
    }
    const file = entryFileName(cassette, summary.key);
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
  const model = shownIn(member(asObject(body), 'model')) ?? 'unknown';
  const question = questionOfEntry(entry);
  const provider = question === undefined ? shownIn(scope.provider) : question.provider;
  const { fingerprint } = entry.metadata;
  if (typeof surface !== 'string' || typeof model !== 'string') return undefined;
  return {
    recordedAt: createdAt,
    surface: surfaceAdapter(surface as Surface).surface,
    ...(typeof provider === 'string' ? { provider } : {}),
    model,
    ...(question === undefined ? {} : { question }),
    origin: { key, ...(fingerprint === undefined ? {} : { fingerprint }) },
    ...recordedPart(entry),
  };
}

function notDescribed(key: string): AiError {
  return new AiError('AI_CASSETTE_INVALID', `The entry ${key} does not say what it answers.`, {
    hint: 'It is a vector, or older than fingerprints: ask for it once past the cache to have it stored anew.',
  });
}
