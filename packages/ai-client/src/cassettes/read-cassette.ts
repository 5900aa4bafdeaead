import type { TokenUsage } from '../call-record.js';
import type { Entry } from '../entry.js';
import { AiError } from '../errors.js';
import { readFingerprint } from '../explain/fingerprint-tree.js';
import { asObject, member } from '../explain/path.js';
import type { JsonObject } from '../json.js';
import { type ExactValue, parseExactly } from '../key/canonical.js';
import { readEvents } from '../sse/events.js';
import type { Surface } from '../surface.js';
import { foldEvents } from '../surfaces/event-folder.js';
import { surfaceAdapter } from '../surfaces/registry.js';
import { findUsageEvent } from '../surfaces/stream-reader.js';
import { type Cassette, type CassetteOrigin, cassetteVersion } from './cassette.js';
import { keptQuestion } from './kept-request.js';
import { askedHash, type Question } from './question.js';
import { eventsFromJson } from './recorded-events.js';

/** Parses a cassette; `file` is named in errors. Fails with `AI_CASSETTE_INVALID`. */
export function readCassette(text: string, file: string): Cassette {
  try {
    return parse(text);
  } catch (error) {
    throw new AiError('AI_CASSETTE_INVALID', `The cassette ${file} cannot be used: ${reason(error)}.`, {
      hint: 'Restore it from version control, or delete it and record it again.',
      cause: error,
    });
  }
}

/** Converts a cassette to a cache entry. `name` distinguishes the answer from others. */
export function cassetteEntry(
  cassette: Cassette,
  name: string,
  fingerprint: string | undefined = cassette.origin?.fingerprint,
): Entry {
  const { shape, bytes, usage, upstreamMs, surface, question } = cassette;
  const usageEvent = shape === 'stream' ? findUsageEvent(surfaceAdapter(surface), bytes) : undefined;
  const kept = question === undefined ? undefined : keptQuestion(question);
  return {
    bytes,
    ...(kept === undefined ? {} : { request: kept.request }),
    metadata: {
      shape,
      name,
      upstreamMs,
      ...(usage === undefined ? {} : { usage }),
      ...(usageEvent === undefined ? {} : { usageEvent }),
      ...(fingerprint === undefined ? {} : { fingerprint }),
      ...(kept === undefined ? {} : { scope: kept.scope }),
    },
  };
}

function parse(text: string): Cassette {
  const file = asObject(parseExactly(text.replace(/^\uFEFF/, '')));
  const version = member(file, 'cassette');
  if (file === undefined || version === undefined) throw new SyntaxError('it is no cassette');
  if (version !== cassetteVersion)
    throw new SyntaxError(`its version is ${JSON.stringify(version)}, and this one reads ${cassetteVersion}`);
  const surface = surfaceOf(file);
  const provider = optionalText(file, 'provider');
  const model = requiredText(file, 'model');
  const usage = usageOf(file);
  const upstreamMs = member(file, 'upstreamMs');
  const question = questionOf(file, surface, provider, model);
  const origin = originOf(file, question);
  if (question === undefined && origin === undefined)
    throw new SyntaxError('it has neither "request" nor "key"');
  return {
    recordedAt: dateOf(file),
    surface,
    model,
    ...(provider === undefined ? {} : { provider }),
    ...(question === undefined ? {} : { question }),
    ...(origin === undefined ? {} : { origin }),
    ...answerOf(file, surface),
    ...(usage === undefined ? {} : { usage }),
    upstreamMs: typeof upstreamMs === 'number' ? upstreamMs : 0,
  };
}

/** The key no longer applies if the request was edited since. */
function originOf(file: JsonObject, question: Question | undefined): CassetteOrigin | undefined {
  const key = optionalText(file, 'key');
  const keyOf = optionalText(file, 'keyOf');
  const fingerprint = optionalText(file, 'fingerprint');
  if (key === undefined || (question !== undefined && keyOf !== askedHash(question))) return undefined;
  const tenant = readFingerprint(fingerprint)?.scope.tenant;
  return {
    key,
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(typeof tenant === 'string' ? { tenant } : {}),
  };
}

function questionOf(
  file: JsonObject,
  surface: Surface,
  provider: string | undefined,
  model: string,
): Question | undefined {
  const request = member(file, 'request');
  if (request === undefined) return undefined;
  if (asObject(request) === undefined) throw new SyntaxError('"request" is no object');
  const namespace = optionalText(file, 'namespace');
  const ownKey = optionalText(file, 'ownKey');
  const sample = member(file, 'sample') ?? 0;
  if (typeof sample !== 'number') throw new SyntaxError('"sample" is no number');
  return {
    surface,
    model,
    sample,
    headers: headersOf(file),
    body: request,
    ...(provider === undefined ? {} : { provider }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(ownKey === undefined ? {} : { ownKey }),
  };
}

function answerOf(file: JsonObject, surface: Surface): Pick<Cassette, 'shape' | 'bytes'> {
  const response = asObject(member(file, 'response'));
  const events = member(response, 'events');
  if (Array.isArray(events)) {
    const bytes = eventsFromJson(events);
    const { body, terminated, finished } = foldEvents(
      surfaceAdapter(surface).createFolder(),
      readEvents(bytes),
    );
    if (body === undefined || !(terminated || finished))
      throw new SyntaxError('the events of its response do not make a whole answer');
    return { shape: 'stream', bytes };
  }
  const body = asObject(member(response, 'body'));
  if (body === undefined)
    throw new SyntaxError('"response" has neither "body", an object, nor "events", a list');
  return { shape: 'body', bytes: Buffer.from(JSON.stringify(body)) };
}

function headersOf(file: JsonObject): Record<string, string> {
  const headers = asObject(member(file, 'headers') ?? {});
  const entries = Object.entries(headers ?? { '': null });
  if (entries.some(([, value]) => typeof value !== 'string'))
    throw new SyntaxError('"headers" holds no texts');
  return Object.fromEntries(entries) as Record<string, string>;
}

function usageOf(file: JsonObject): TokenUsage | undefined {
  const usage = asObject(member(file, 'usage'));
  if (usage === undefined) return undefined;
  const isCount = (value: ExactValue): boolean => typeof value === 'number' && value >= 0;
  if (!isCount(usage.inputTokens) || !isCount(usage.outputTokens) || !Object.values(usage).every(isCount))
    throw new SyntaxError('"usage" holds no counts of tokens');
  return usage as unknown as TokenUsage;
}

function surfaceOf(file: JsonObject): Surface {
  // The registry rejects unknown surfaces.
  return surfaceAdapter(requiredText(file, 'surface') as Surface).surface;
}

function dateOf(file: JsonObject): number {
  const recordedAt = Date.parse(requiredText(file, 'recordedAt'));
  if (Number.isNaN(recordedAt)) throw new SyntaxError('"recordedAt" is no date');
  return recordedAt;
}

function requiredText(file: JsonObject, name: string): string {
  const value = optionalText(file, name);
  if (value === undefined) throw new SyntaxError(`"${name}" is missing`);
  return value;
}

function optionalText(file: JsonObject, name: string): string | undefined {
  const value = member(file, name);
  if (value !== undefined && typeof value !== 'string') throw new SyntaxError(`"${name}" is no text`);
  return value;
}

function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\.$/, '');
}
