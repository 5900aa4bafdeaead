import type { TokenUsage } from '../call-record.js';
import { questionOfEntry } from '../cassettes/kept-request.js';
import { type Entry, entryAsBody } from '../entry.js';
import { lengthOf } from '../packed/packed-entry.js';
import type { Surface } from '../surface.js';
import { surfaceAdapter } from '../surfaces/registry.js';
import { readFingerprint, shownIn } from './fingerprint-tree.js';
import { asObject, member } from './path.js';

/** A stored answer, for a person. Plain data. */
export interface ShownEntry {
  /** Absent for one that was stored without a fingerprint, as a vector is. */
  readonly surface?: Surface;
  readonly model?: string;
  readonly provider?: string;
  /** How it came: as a stream or as a whole body. */
  readonly shape: 'stream' | 'body';
  /** Bytes of the answer, as it came. */
  readonly bytes: number;
  readonly usage?: TokenUsage;
  /** Time that the provider took, ms. */
  readonly upstreamMs: number;
  /** The answer as a body, whatever it came as; absent when it cannot be read. */
  readonly answer?: unknown;
  /** What was asked, without what looks like a secret; absent where it was not kept. */
  readonly request?: unknown;
}

/** Reads a stored answer for a person. Never fails: what cannot be read is left out. */
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
