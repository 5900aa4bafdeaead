import type { Cache } from '@ai-toolkit/core-cache';
import type { Entry } from '../entry.js';
import { AiError } from '../errors.js';
import type { ExchangeRequest } from '../exchange.js';
import { fingerprint } from '../explain/fingerprint.js';
import { createAnswerName } from '../flight/event-ids.js';
import type { Provider } from '../providers/provider.js';
import { type Target, targetFor } from '../steps/target.js';
import { surfaceAdapter } from '../surfaces/registry.js';
import type { Cassette } from './cassette.js';
import { CassetteFolder } from './folder.js';
import { mayAnswer, type Question } from './question.js';
import { cassetteEntry } from './read-cassette.js';
import type { CassetteProblem } from './report.js';

export interface ImportCassettesOptions {
  /**
   * The providers to be used with the cache, since base URLs are part of cache keys and a cassette has only the provider's name. Cassettes
   * exported from a cache are also stored under their original key. Default: none.
   */
  readonly providers?: readonly Provider[];
  /** Tenant to import for. Default `default`, except that the exported answers of a tenant remain its own. */
  readonly tenant?: string;
  /** Lifetime, ms. Default: the cache's. */
  readonly ttlMs?: number;
  readonly signal?: AbortSignal;
}

export interface CassetteImport {
  /** Names of the imported files. */
  readonly files: readonly string[];
  /** Files that could not be imported, and why. */
  readonly problems: readonly CassetteProblem[];
}

/**
 * Imports cassettes into a cache. An unusable file does not stop the others. Fails with `AI_CASSETTES_UNAVAILABLE` if the folder cannot be
 * read.
 */
export async function importCassettes(
  dir: string,
  cache: Cache<Entry>,
  options: ImportCassettesOptions = {},
): Promise<CassetteImport> {
  const { ttlMs, signal } = options;
  const folder = new CassetteFolder(dir);
  const imported: string[] = [];
  const problems: CassetteProblem[] = [];
  // When recording, a missing folder is just empty; here, it is a mistake in its name.
  await folder.mustExist();
  for (const file of await folder.files()) {
    signal?.throwIfAborted();
    try {
      const cassette = await folder.read(file);
      if (cassette === undefined) continue;
      for (const { key, entry, tags } of keyed(cassette, file, options))
        await cache.set(key, entry, { tags, ...(ttlMs === undefined ? {} : { ttlMs }) });
      imported.push(file);
    } catch (error) {
      if (!AiError.isInstance(error)) throw error;
      problems.push({ name: file, error });
    }
  }
  for (const [name, error] of folder.problems) problems.push({ name, error });
  return { files: imported, problems };
}

interface Keyed {
  readonly key: string;
  readonly entry: Entry;
  readonly tags: string[];
}

/** The entry under its original key, and under the key it has here. */
function keyed(cassette: Cassette, file: string, options: ImportCassettesOptions): Keyed[] {
  const { question, origin, model } = cassette;
  const tags = [`model:${model}`];
  if (question?.namespace !== undefined) tags.push(`namespace:${question.namespace}`);
  const kept = origin && { key: origin.key, entry: cassetteEntry(cassette, createAnswerName()), tags };
  // A tenant's answers are given to another one only if `tenant` names it.
  const stays = question === undefined || (origin?.tenant !== undefined && options.tenant === undefined);
  const provider = stays ? undefined : providerFor(question, options);
  if (stays || provider === undefined) {
    if (kept === undefined) throw unknownProvider(file, cassette);
    return [kept];
  }
  const target = targetOf(question, provider, options);
  if (target.key === undefined) throw neverCached(file);
  if (target.key === kept?.key) return [kept];
  const print = fingerprint(target, surfaceAdapter(question.surface));
  const here = { key: target.key, entry: cassetteEntry(cassette, createAnswerName(), print), tags };
  return kept === undefined ? [here] : [kept, here];
}

function providerFor(
  { provider, model }: Question,
  { providers = [] }: ImportCassettesOptions,
): Provider | undefined {
  const named = providers.filter(({ name }) => mayAnswer(provider, name));
  return named.find(({ accepts }) => accepts?.(model)) ?? named.find(({ accepts }) => !accepts) ?? named[0];
}

/** Builds the request as it would be made here. */
function targetOf(question: Question, provider: Provider, { tenant }: ImportCassettesOptions): Target {
  const { surface, model, namespace, sample, ownKey, headers, body } = question;
  const source = JSON.stringify(body);
  const exchange: ExchangeRequest = {
    surface,
    body: Buffer.from(source),
    headers,
    cache: {
      sample,
      ...(namespace === undefined ? {} : { namespace }),
      ...(ownKey === undefined ? {} : { key: ownKey }),
    },
    ...(tenant === undefined ? {} : { tenant }),
  };
  const request = JSON.parse(source);
  const asked = { exchange, adapter: surfaceAdapter(surface), source, body: request, model };
  return targetFor(asked, { provider, model, weight: 1 });
}

function unknownProvider(file: string, { provider }: Pick<Cassette, 'provider'>): AiError {
  return new AiError(
    'AI_NO_PROVIDER',
    `${file} is an answer of ${provider ?? 'a server'}, which is not configured.`,
    {
      hint: 'Configure it, with any key: its base URL is part of the keys of the cache.',
    },
  );
}

function neverCached(file: string): AiError {
  return new AiError('AI_CASSETTE_INVALID', `The request in ${file} is one whose answers are never cached.`, {
    hint: 'Replay it from its cassette instead.',
  });
}
