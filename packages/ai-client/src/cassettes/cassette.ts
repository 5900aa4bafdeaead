import type { TokenUsage } from '../call-record.js';
import type { Entry, EntryMetadata } from '../entry.js';
import { asObject } from '../explain/path.js';
import { type ExactValue, parseExactly } from '../key/canonical.js';
import type { Surface } from '../surface.js';
import { askedHash, type Question } from './question.js';
import { eventsToJson } from './recorded-events.js';

/** Version of the file's form. It changes when an older reader would misread a file. */
export const cassetteVersion = 1;

/** Where in a cache an answer was. */
export interface CassetteOrigin {
  readonly key: string;
  readonly fingerprint?: string;
  /** A print of its tenant, where that is not the default one: the answer is for nobody else. */
  readonly tenant?: string;
}

/** One recorded answer. */
export interface Cassette {
  /** Epoch, ms. */
  readonly recordedAt: number;
  readonly surface: Surface;
  readonly model: string;
  readonly provider?: string;
  /** What was asked; absent in one that was made of a cache entry without its request. */
  readonly question?: Question;
  /** The cache entry that it was made of. */
  readonly origin?: CassetteOrigin;
  readonly shape: EntryMetadata['shape'];
  /** The answer as it was stored. */
  readonly bytes: Uint8Array;
  readonly usage?: TokenUsage;
  /** Time that the provider took, ms. */
  readonly upstreamMs: number;
}

/** The recorded side of a cache entry. */
export function recordedPart({
  bytes,
  metadata,
}: Entry): Pick<Cassette, 'shape' | 'bytes' | 'usage' | 'upstreamMs'> {
  const { shape, usage, upstreamMs } = metadata;
  return { shape, bytes, upstreamMs: Math.round(upstreamMs), ...(usage === undefined ? {} : { usage }) };
}

/** The file of a cassette: JSON, one line for each event of a stream, so that differences can be read. */
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

/** The answer alone: two cassettes are the same when this is. */
export function writeResponse({ shape, bytes }: Pick<Cassette, 'shape' | 'bytes'>): string {
  if (shape === 'stream') {
    const lines = eventsToJson(bytes).map((event) => `\n      ${JSON.stringify(event)}`);
    return `{\n    "events": [${lines.join(',')}\n    ]\n  }`;
  }
  const text = JSON.stringify({ body: bodyOf(bytes) }, null, 2);
  return text.replaceAll('\n', '\n  ');
}

/** The key is that of this very request: once somebody has edited it, it is one of its own. */
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
