import type { TokenUsage } from '../call-record.js';
import { questionOfEntry } from '../cassettes/kept-request.js';
import { type Entry, entryAsBody } from '../entry.js';
import { lengthOf } from '../packed/packed-entry.js';
import type { Surface } from '../surface.js';
import { surfaceAdapter } from '../surfaces/registry.js';
import { readFingerprint, shownIn } from './fingerprint-tree.js';
import { asObject, member } from './path.js';

/** A stored answer for display. Plain data. */
export interface ShownEntry {
  /** Absent for an entry without a fingerprint, such as a vector. */
  readonly surface?: Surface;
  readonly model?: string;
  readonly provider?: string;
  /** How the provider sent it: as a stream or as a whole body. */
  readonly shape: 'stream' | 'body';
  /** Length of the answer as received, bytes. */
  readonly bytes: number;
  readonly usage?: TokenUsage;
  /** Time the provider took, ms. */
  readonly upstreamMs: number;
  /** The answer as a body, whatever its shape; absent if it cannot be parsed. */
  readonly answer?: unknown;
  /** The request body, with likely secrets redacted; absent if it was not kept. */
  readonly request?: unknown;
}

/** Prepares a stored answer for display. Never fails: what cannot be parsed is omitted. */
export function showEntry(entry: Entry): ShownEntry {
  const { shape, usage, upstreamMs, scope, fingerprint, answerer } = entry.metadata;
  const print = readFingerprint(fingerprint);
  const surface = print === undefined ? undefined : shownIn(print.scope.surface);
  const model = print === undefined ? answerer?.model : shownIn(member(asObject(print.body), 'model'));
  const provider = scope?.provider ?? answerer?.provider;
  const answer = answerOf(entry, surface);
  const request = questionOfEntry(entry)?.body;
  return {
    ...(typeof surface === 'string' ? { surface: surface as Surface } : {}),
    ...(typeof model === 'string' ? { model } : {}),
    ...(provider === undefined ? {} : { provider }),
    shape,
    bytes: lengthOf(entry),
    ...(usage === undefined ? {} : { usage }),
    upstreamMs,
    ...(answer === undefined ? {} : { answer }),
    ...(request === undefined ? {} : { request }),
  };
}

function answerOf(entry: Entry, surface: unknown): unknown {
  try {
    const body =
      entry.metadata.shape === 'body' ? entry.bytes : entryAsBody(entry, surfaceAdapter(surface as Surface));
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString());
  } catch {
    return undefined;
  }
}
