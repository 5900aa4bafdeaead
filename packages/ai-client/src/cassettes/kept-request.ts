import type { Entry, KeptScope } from '../entry.js';
import { readFingerprint, shownIn } from '../explain/fingerprint-tree.js';
import { asObject, member } from '../explain/path.js';
import { treeWithoutSecrets } from '../explain/secrets.js';
import { parseExactly } from '../key/canonical.js';
import type { AskedTarget } from '../steps/target.js';
import type { Surface } from '../surface.js';
import { surfaceAdapter } from '../surfaces/registry.js';
import { type Question, questionScope } from './question.js';

/** Longer requests are not kept, as they would take too much space from answers. Bytes. */
const maxRequestBytes = 64 * 1024;

type Kept = { readonly request: Uint8Array; readonly scope: KeptScope };

/** The parts of a request to store with its answer, so that people can later see what was asked. */
export function keptRequest(target: AskedTarget): Kept | undefined {
  const { body } = target;
  if (body.length > maxRequestBytes) return undefined;
  // A copy, since the caller may reuse its buffer.
  return { request: Buffer.from(body), scope: keptScope(questionScope(target)) };
}

/** The same for a cassette's question. */
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

/** The question that an entry answers, with likely secrets redacted; `undefined` if it was not kept. */
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
