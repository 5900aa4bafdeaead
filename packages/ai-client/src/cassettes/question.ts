import { hash } from 'node:crypto';
import type { Side } from '../explain/compare.js';
import { treeWithoutSecrets } from '../explain/secrets.js';
import { canonicalText, type ExactValue, parseExactly } from '../key/canonical.js';
import type { Provider } from '../providers/provider.js';
import { isAccountHeader } from '../steps/key.js';
import type { AskedTarget, Target } from '../steps/target.js';
import type { Surface } from '../surface.js';
import { surfaceAdapter } from '../surfaces/registry.js';

/**
 * What was asked, without base URL, tenant and credentials, so that a cassette recorded with one server and key can be replayed anywhere.
 */
export interface Question {
  readonly surface: Surface;
  /** Absent for a server known only by its address. */
  readonly provider?: string;
  readonly model: string;
  readonly namespace?: string;
  readonly sample: number;
  /** The caller's own key, used instead of the body. */
  readonly ownKey?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body, with likely secrets redacted. */
  readonly body: ExactValue;
}

/** Servers recognised without configuration, since API keys may be missing where cassettes are replayed. */
const knownHosts: Readonly<Record<string, string>> = {
  'api.openai.com': 'openai',
  'api.anthropic.com': 'anthropic',
};

/** The question without its body. */
export function questionScope({ scope, ownKey, provider, model }: Target): Omit<Question, 'body'> {
  const { surface, namespace, headers, sample } = scope;
  const name = nameOf(provider);
  return {
    surface,
    ...(name === undefined ? {} : { provider: name }),
    model,
    ...(namespace === null ? {} : { namespace }),
    sample,
    ...(ownKey === undefined ? {} : { ownKey }),
    headers: Object.fromEntries(headers.filter(([header]) => !isAccountHeader(header))),
  };
}

export function questionOf(target: AskedTarget): Question {
  const { body } = target;
  const source = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
  return { ...questionScope(target), body: treeWithoutSecrets(parseExactly(source)) };
}

/** Hash of a question, hex, excluding the provider: see `mayAnswer`. */
export function askedHash({ surface, namespace, sample, ownKey, headers, body, model }: Question): string {
  const named = Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1));
  const scope = JSON.stringify([surface, namespace ?? null, sample, named]);
  const asked =
    ownKey === undefined
      ? canonicalText(body, surfaceAdapter(surface).keyExclusions)
      : JSON.stringify([model, ownKey]);
  return hash('sha256', scope + asked, 'hex');
}

/** Whether a cassette of one provider can stand in for another: the names are equal, or one is missing. */
export function mayAnswer(recorded: string | undefined, asked: string | undefined): boolean {
  return recorded === undefined || asked === undefined || recorded === asked;
}

/** The question in a form for comparison. */
export function questionSide({
  surface,
  provider,
  namespace,
  sample,
  ownKey,
  headers,
  body,
}: Question): Side {
  return {
    scope: {
      surface,
      sample,
      ...(provider === undefined ? {} : { provider }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(ownKey === undefined ? {} : { ownKey }),
    },
    headers,
    body,
    excluded: surfaceAdapter(surface).keyExclusions,
    hasOwnKey: ownKey !== undefined,
  };
}

const names = new WeakMap<Provider, string | undefined>();

/** A provider's name, unless it is merely its address, which may change. */
function nameOf(provider: Provider): string | undefined {
  if (!names.has(provider)) names.set(provider, readName(provider));
  return names.get(provider);
}

function readName({ name, baseUrl }: Provider): string | undefined {
  if (typeof baseUrl !== 'string' || !URL.canParse(baseUrl)) return name;
  const { host } = new URL(baseUrl);
  return knownHosts[host] ?? (name === host ? undefined : name);
}
