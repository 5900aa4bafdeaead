import { hash } from 'node:crypto';
import type { Side } from '../explain/compare.js';
import { isSecretHeader, treeWithoutSecrets } from '../explain/secrets.js';
import { canonicalText, type ExactValue, parseExactly } from '../key/canonical.js';
import type { Provider } from '../providers/provider.js';
import type { AskedTarget, Target } from '../steps/target.js';
import type { Surface } from '../surface.js';
import { surfaceAdapter } from '../surfaces/registry.js';

/**
 * What was asked, and not where or by whom: without base URL, tenant and credentials, so that a cassette that was recorded at
 * one server with one key can be replayed anywhere.
 */
export interface Question {
  readonly surface: Surface;
  /** Absent for a server that has no name but its address. */
  readonly provider?: string;
  readonly model: string;
  readonly namespace?: string;
  readonly sample: number;
  /** The key that the caller gave in place of the body. */
  readonly ownKey?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body, without what looks like a secret. */
  readonly body: ExactValue;
}

/** They say which account pays. */
const accountHeaders: ReadonlySet<string> = new Set(['openai-organization', 'openai-project']);

/** Servers that are known without being configured: the keys may be missing where cassettes are replayed. */
const knownHosts: Readonly<Record<string, string>> = {
  'api.openai.com': 'openai',
  'api.anthropic.com': 'anthropic',
};

/** What was asked apart from its body. */
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
    headers: Object.fromEntries(headers.filter(([header]) => counts(header))),
  };
}

export function questionOf(target: AskedTarget): Question {
  const { body } = target;
  const source = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
  return { ...questionScope(target), body: treeWithoutSecrets(parseExactly(source)) };
}

/** Hash of a question, hex; who was asked is no part of it, see `mayAnswer`. */
export function askedHash({ surface, namespace, sample, ownKey, headers, body, model }: Question): string {
  const named = Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1));
  const scope = JSON.stringify([surface, namespace ?? null, sample, named]);
  const asked =
    ownKey === undefined
      ? canonicalText(body, surfaceAdapter(surface).keyExclusions)
      : JSON.stringify([model, ownKey]);
  return hash('sha256', scope + asked, 'hex');
}

/** Whether a cassette of one provider stands for another: one of the same name, or one that has no name. */
export function mayAnswer(recorded: string | undefined, asked: string | undefined): boolean {
  return recorded === undefined || asked === undefined || recorded === asked;
}

/** A question to compare with others. */
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

function counts(header: string): boolean {
  return !accountHeaders.has(header) && !isSecretHeader(header);
}

const names = new WeakMap<Provider, string | undefined>();

/** A provider's name, unless it is only its address, which may be another one tomorrow. */
function nameOf(provider: Provider): string | undefined {
  if (!names.has(provider)) names.set(provider, readName(provider));
  return names.get(provider);
}

function readName({ name, baseUrl }: Provider): string | undefined {
  if (typeof baseUrl !== 'string' || !URL.canParse(baseUrl)) return name;
  const { host } = new URL(baseUrl);
  return knownHosts[host] ?? (name === host ? undefined : name);
}
