import type { Entry, KeptScope } from '../entry.js';
import { readFingerprint, shownIn } from '../explain/fingerprint-tree.js';
import { asObject, member } from '../explain/path.js';
import { treeWithoutSecrets } from '../explain/secrets.js';
import { parseExactly } from '../key/canonical.js';
import type { AskedTarget } from '../steps/target.js';
import type { Surface } from '../surface.js';
import { surfaceAdapter } from '../surfaces/registry.js';
import { type Question, questionScope } from './question.js';

/** A longer request is not kept: it would leave little room for answers. Bytes. */
const maxRequestBytes = 64 * 1024;

type Kept = { readonly request: Uint8Array; readonly scope: KeptScope };

/** What of a request is kept beside its answer, so that a person can read later what was asked. */
export function keptRequest(target: AskedTarget): Kept | undefined {
  const { body } = target;
  if (body.length > maxRequestBytes) return undefined;
  // A copy: the buffer is the caller's, who may use it again.
  return { request: Buffer.from(body), scope: keptScope(questionScope(target)) };
}

/** The same of what a cassette holds of it. */
export function keptQuestion(question: Question): Kept {
  return { request: Buffer.from(JSON.stringify(question.body)), scope: keptScope(question) };
}

function keptScope({ provider, namespace, ownKey, headers }: Omit<Question, 'body'>): KeptScope {
  return {
    ...(provider === undefined ? {} : { provider }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(ownKey === undefined ? {} : { ownKey }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
  };
}

/** What an entry is the answer to, without what looks like a secret; `undefined` where that was not kept. */
export function questionOfEntry({ request, metadata }: Entry): Question | undefined {
  const print = readFingerprint(metadata.fingerprint);
  if (request === undefined || print === undefined) return undefined;
  const surface = shownIn(print.scope.surface);
  const model = shownIn(member(asObject(print.body), 'model')) ?? 'unknown';
  const sample = print.scope.sample ?? 0;
  if (typeof surface !== 'string' || typeof model !== 'string' || typeof sample !== 'number')
    return undefined;
  const text = Buffer.from(request.buffer, request.byteOffset, request.byteLength).toString();
  return {
    surface: surfaceAdapter(surface as Surface).surface,
    model,
    sample,
    headers: {},
    ...metadata.scope,
    body: treeWithoutSecrets(parseExactly(text)),
  };
}
