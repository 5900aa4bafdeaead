import type { TokenUsage } from '../call-record.js';
import type { Entry, EntryMetadata } from '../entry.js';
import { asObject } from '../explain/path.js';
import { type ExactValue, parseExactly } from '../key/canonical.js';
import type { Surface } from '../surface.js';
import { askedHash, type Question } from './question.js';
import { eventsToJson } from './recorded-events.js';

/** Version of the file format. Bump it if an older reader would misread a file. */
export const cassetteVersion = 1;

/** Where an answer was in a cache. */
export interface CassetteOrigin {
  readonly key: string;
  readonly fingerprint?: string;
  /** Fingerprint of its tenant, if not the default one: the answer is for no other. */
  readonly tenant?: string;
}

/** One recorded answer. */
export interface Cassette {
  /** Epoch, ms. */
  readonly recordedAt: number;
  readonly surface: Surface;
  readonly model: string;
  readonly provider?: string;
  /** The request; absent if made from a cache entry that did not keep it. */
  readonly question?: Question;
  /** The cache entry it was made from. */
  readonly origin?: CassetteOrigin;
  readonly shape: EntryMetadata['shape'];
  /** The answer as stored. */
  readonly bytes: Uint8Array;
  readonly usage?: TokenUsage;
  /** Time the provider took, ms. */
  readonly upstreamMs: number;
}

/** The parts of a cache entry that a cassette records. */
export function recordedPart({
  bytes,
  metadata,
}: Entry): Pick<Cassette, 'shape' | 'bytes' | 'usage' | 'upstreamMs'> {
  const { shape, usage, upstreamMs } = metadata;
  return { shape, bytes, upstreamMs: Math.round(upstreamMs), ...(usage === undefined ? {} : { usage }) };
}

/** Serialises a cassette: JSON with one line per event of a stream, for readable diffs. */
export function writeCassette(cassette: Cassette): string {
  const { recordedAt, surface, provider, model, question, origin, usage, upstreamMs } = cassette;
  const head = {
    cassette: cassetteVersion,
    recordedAt: new Date(recordedAt).toISOString(),
    surface,
    provider,
    model,
    ...(origin === undefined ? {} : originFields(origin, question)),
    ...(question === undefined ? {} : questionFields(question)),
    usage,
    upstreamMs,
  };
  return `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "response": ${writeResponse(cassette)}\n}\n`;
}

/** Serialises the answer alone, by which cassettes are compared. */
export function writeResponse({ shape, bytes }: Pick<Cassette, 'shape' | 'bytes'>): string {
  if (shape === 'stream') {
    const lines = eventsToJson(bytes).map((event) => `\n      ${JSON.stringify(event)}`);
    return `{\n    "events": [${lines.join(',')}\n    ]\n  }`;
  }
  const text = JSON.stringify({ body: bodyOf(bytes) }, null, 2);
  return text.replaceAll('\n', '\n  ');
}

/** `keyOf` ties the key to this very request: if somebody edits the request, the key no longer applies. */
function originFields({ key, fingerprint }: CassetteOrigin, question: Question | undefined): object {
  return { key, ...(question === undefined ? {} : { keyOf: askedHash(question) }), fingerprint };
}

function questionFields({ namespace, sample, ownKey, headers, body }: Question): object {
  return {
    namespace,
    ...(sample === 0 ? {} : { sample }),
    ownKey,
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    request: body,
  };
}

function bodyOf(bytes: Uint8Array): ExactValue {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  const body = asObject(parseExactly(text.replace(/^\uFEFF/, '')));
  if (body === undefined) throw new TypeError('The stored answer is not a JSON object.');
  return body;
}
